import { SpellError } from '../../runtime/api/errors.ts';
import type { StartFailure } from '../../runtime/api/objects.ts';
import { placeToBlame } from '../../runtime/api/place-to-blame.ts';
import type { RolloutOutcome } from '../../runtime/api/rollout-outcome.ts';
import type { ModelServerTarget } from '../contributions.ts';

/** A rollout that came to nothing, with the reason, the line to blame, and the model server whose logs tell more. */
export class RolloutFailed extends SpellError {
  readonly target: ModelServerTarget;
  readonly failure: StartFailure | undefined;

  constructor(target: ModelServerTarget, { message, failure }: Extract<RolloutOutcome, { ended: 'failed' }>) {
    const place = placeToBlame(failure);
    const named = place === null || message.includes(place) ? message : `${message} (${place})`;
    super('rollout-failed', `${target.name}: ${named}`, failure?.hint ?? 'its log tells more');
    this.target = target;
    this.failure = failure;
  }
}
