import type { SaidSettings } from '../../runtime/api/project/said.ts';
import type { Context } from '../context.ts';
import { entrypointOf } from './entrypoint.ts';

/** How a file was served last from this workspace. Not complete: it had values of `env`, which are never remembered. */
export interface LastAnswers {
  said: SaidSettings;
  complete: boolean;
}

const key = 'spell.lastServed';
/** So many files are remembered, the last ones. */
const most = 50;

/** What people answered, by the file that they served. */
export function lastAnswers({ extension: { workspaceState } }: Pick<Context, 'extension'>): {
  of(file: string): LastAnswers | undefined;
  remember(said: SaidSettings): Thenable<void>;
} {
  const all = (): [string, LastAnswers][] => workspaceState.get<[string, LastAnswers][]>(key) ?? [];
  return {
    of: (file) => all().find(([each]) => each === file)?.[1],
    remember({ env, ...said }) {
      const file = entrypointOf(said);
      if (file === undefined) return Promise.resolve();
      const others = all().filter(([each]) => each !== file);
      return workspaceState.update(key, [[file, { said, complete: env === undefined }], ...others].slice(0, most));
    },
  };
}
