import { resolve } from 'node:path';
import { batchingOf } from '../../../api/batching.ts';
import { SpellError } from '../../../api/errors.ts';
import { type PredictorRule, predictorRules } from '../../../api/predictor-rules.ts';
import type { SaidSettings } from '../../../api/project/said.ts';
import type { Settings } from '../../../api/settings.ts';
import type { Option } from '../../command.ts';
import type { Context } from '../../context.ts';

/** The switch that lets `serve` and `update` go on with what {@link refuseMistakes} would stop. */
export const noCheckOption: Record<'no-check', Option> = {
  'no-check': { kind: 'switch', doc: 'do not look for mistakes in the predictor first' },
};

/** What is about to be served: as it was said, and as it was read. */
export interface Checked {
  said: SaidSettings;
  settings: Settings;
  /** What is not said has its default; in an update it is as it was, and not known here. */
  complete: boolean;
}

/**
 * Looks at the predictor and its config with the rules of the editor, and throws `check-failed` for what would keep the
 * model server from starting, or from answering. Nothing is run, and nothing is said of what is only unwise.
 */
export async function refuseMistakes(context: Context, { said, settings, complete }: Checked): Promise<void> {
  const entrypoint = pathOf(said, 'entrypoint');
  if (entrypoint === undefined) return;
  const config = pathOf(said, 'config');
  const { check } = await import('../../../../server/check/check.ts');
  const { textReport } = await import('../../../../server/check/reports.ts');
  const found = await check({
    files: config === undefined ? [entrypoint] : [entrypoint, config],
    ...(settings.python === undefined ? {} : { python: settings.python }),
    serving: {
      entrypoint,
      alone: true,
      ...(settings.classname === undefined ? {} : { classname: settings.classname }),
      ...(config !== undefined ? { config } : complete && said.config === undefined ? { config: null } : {}),
      ...batchingKnown(settings, complete),
      ...(complete ? { models: settings.model ?? [] } : {}),
    },
  });
  const errors = found.filter(({ severity }) => severity === 'error');
  const [first, ...others] = errors;
  if (!first) return;
  const [line = '', ...lines] = textReport([first, ...others], context.cwd)
    .trimEnd()
    .split('\n');
  throw new SpellError(
    'check-failed',
    [line.replace(': error:', ':'), ...lines].join('\n'),
    `${hintOf(first.code) ?? 'correct it'}; or go on all the same with --no-check (\`spell check\` tells more)`,
  );
}

/** What the worker would advise, where its advice is the same whatever was found. */
function hintOf(code: string): string | undefined {
  const hint = Object.hasOwn(predictorRules, code) ? predictorRules[code as PredictorRule].hint : undefined;
  return hint?.includes('{') ? undefined : hint;
}

/** Whether requests will come in batches, where that is known. */
function batchingKnown(settings: Settings, complete: boolean): { batching?: boolean } {
  return complete || settings['enable-batching'] !== undefined ? { batching: batchingOf(settings) !== null } : {};
}

/** The path that a setting names; undefined when it names none. */
function pathOf(said: SaidSettings, key: 'entrypoint' | 'config'): string | undefined {
  const { value, folder } = said[key] ?? {};
  return typeof value === 'string' && folder !== undefined ? resolve(folder, value) : undefined;
}
