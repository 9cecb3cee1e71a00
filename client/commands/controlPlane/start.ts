import type { Status } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';

/** *Spell: Start Control Plane*. Finds the one that runs, or starts one. */
export async function startControlPlane({ client }: Context): Promise<Status> {
  return client.status();
}
