import { relative } from 'node:path';
import { batchingOf } from '../batching.ts';
import { SpellError } from '../errors.ts';
import type { CheckRequest, Mistake } from '../language-server.ts';
import { type PredictorRule, predictorRules } from '../predictor-rules.ts';
import type { Settings } from '../settings.ts';
import { pathOf, type SaidSettings } from './said.ts';

/** What is about to be served: as it was said, and as it was read. */
export interface Checked {
  said: SaidSettings;
  settings: Settings;
  /** What is not said has its default; in an update it is as it was, and not known here. */
  complete: boolean;
}

/** What the rules have to be asked before something is served; undefined where no code is taken. Pure. */
export function checkRequestOf({ said, settings, complete }: Checked): CheckRequest | undefined {
  const entrypoint = pathOf(said, 'entrypoint');
  if (entrypoint === undefined) return undefined;
  const config = pathOf(said, 'config');
  return {
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
  };
}

/**
 * The error `check-failed` for what would keep a model server from starting or from answering; undefined when there is no
 * such mistake. What is only unwise does not count. `cwd` is what paths are shown from; `anyway` says how to go on all the same.
 */
export function mistakesError(found: readonly Mistake[], { cwd, anyway }: { cwd: string; anyway: string }): SpellError | undefined {
  const errors = found.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!first) return undefined;
  const lines = errors.map(
    ({ file, range: { start }, message, code }) =>
      `${relative(cwd, file) || file}:${start.line + 1}:${start.character + 1}: ${message} [${code}]`,
  );
  return new SpellError('check-failed', lines.join('\n'), `${hintOf(first.code) ?? 'correct it'}; or ${anyway}`);
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
