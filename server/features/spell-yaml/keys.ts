import * as z from 'zod/mini';
import { type SettingRow, settings } from '../../../runtime/api/settings.ts';

/** How a value of a key is written. Beyond the table's kinds: a size in memory. */
export type KeyKind = SettingRow['kind'] | 'memory';

/** A key of `spell.yaml`. */
export interface Key {
  readonly name: string;
  readonly kind: KeyKind;
  readonly doc: string;
  readonly default?: unknown;
  /** What a number must be. */
  readonly schema?: z.ZodMiniType;
  /** The words of a choice. */
  readonly values?: readonly string[];
}

/**
 * Keys that `spec/surfaces.md` §5 names and the table of settings may not have yet. A row of the table wins over the one
 * here.
 */
const further: readonly Key[] = [
  { name: 'gpu-limit', kind: 'number', doc: 'whole GPUs for each pod', default: 0, schema: z.number().check(z.nonnegative()) },
];

function collect(): ReadonlyMap<string, Key> {
  const found = new Map<string, Key>();
  for (const [name, row] of Object.entries(settings) as [string, SettingRow][]) {
    const known = further.find((key) => key.name === name);
    found.set(name, {
      name,
      // The table may not tell sizes from numbers.
      kind: known && (row.kind === 'number' || row.kind === 'text' || row.kind === 'bytes') ? known.kind : row.kind,
      doc: row.doc,
      ...(row.default === undefined ? {} : { default: row.default }),
      ...(row.kind === 'number' ? { schema: row.schema } : {}),
      ...(row.values ? { values: row.values } : {}),
    });
  }
  for (const key of further) if (!found.has(key.name)) found.set(key.name, key);
  return found;
}

/** Every key of `spell.yaml`, by its name with dashes. */
export const keys: ReadonlyMap<string, Key> = collect();

/** Keys that mean something only while batching is on. `max-batch-size` and `request-timeout` turn it on themselves. */
export const batchKeys = ['max-batch-size', 'request-timeout', 'batch-policy', 'batch-isolation'] as const;
