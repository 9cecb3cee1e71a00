import type { Operation } from '../../api/objects.ts';
import type { ServerKey } from '../../platform/platform.ts';
import { find, type ModelServerContext, objectOf } from './context.ts';
import { describe } from './queries.ts';

/** The answer of a verb that began a rollout, or that left a revision for the next start (`revision` is null then). */
export function rolloutOperation(context: ModelServerContext, key: ServerKey, since: number): Operation {
  const { server, rollout } = find(context, key);
  if (server.lifecycle !== 'running') return noOperation(context, key, since);
  return answer(context, key, since, `rollout/${objectOf(key)}/${rollout.revision}`, rollout.revision);
}

export function stopOperation(context: ModelServerContext, key: ServerKey, since: number): Operation {
  return answer(context, key, since, `stop/${objectOf(key)}`, null);
}

/** The answer when nothing has to happen. */
export function noOperation(context: ModelServerContext, key: ServerKey, since: number): Operation {
  return answer(context, key, since, `none/${objectOf(key)}`, null);
}

function answer(context: ModelServerContext, key: ServerKey, since: number, operation: string, revision: number | null): Operation {
  return { operation, revision, since, modelServer: describe(context, key) };
}
