import type * as z from 'zod/mini';
import { type SettingKind, type SettingRow, settings } from '../../../runtime/api/settings.ts';

/** A key of `spell.yaml`. */
export interface Key {
  readonly name: string;
  readonly kind: SettingKind;
  readonly doc: string;
  readonly default?: unknown;
  /** What a number must be, or a list. */
  readonly schema?: z.ZodMiniType;
  /** The words of a choice. */
  readonly values?: readonly string[];
}

function keyOf(name: string, { kind, doc, default: fallback, schema, values }: SettingRow): Key {
  return {
    ...{ name, kind, doc },
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(kind === 'number' || kind === 'list' ? { schema } : {}),
    ...(values ? { values } : {}),
  };
}

/** Every key of `spell.yaml`, by its name with dashes. */
export const keys: ReadonlyMap<string, Key> = new Map(Object.entries(settings).map(([name, row]) => [name, keyOf(name, row)]));

/** Keys that mean something only while batching is on. `max-batch-size` and `request-timeout` turn it on themselves. */
export const batchKeys = ['max-batch-size', 'request-timeout', 'batch-policy', 'batch-isolation'] as const;
