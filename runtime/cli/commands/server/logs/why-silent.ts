import type { ModelServer } from '../../../../api/objects.ts';

type Silent = Pick<ModelServer, 'name' | 'state' | 'reason' | 'failure' | 'rollout'>;

/** Why no pod of a model server has printed anything, and what to do next: a line for people who asked for its log. Pure. */
export function whySilent({ name, state, reason, failure, rollout }: Silent, isFollowed: boolean): string {
  const [why, next] = ((): [string, string] => {
    if (state === 'stopped') return ['it is stopped', `start it: spell server start ${name}`];
    if (state === 'failed') return [reason ?? 'it failed', failure?.hint ?? `see it whole: spell server describe ${name}`];
    const pending = reason ?? rollout?.stage ?? `it is ${state}`;
    return [pending, isFollowed ? 'what it prints comes here' : `follow it: spell server logs ${name} -f`];
  })();
  return `${name} has printed nothing yet: ${why}; ${next}`;
}
