import { SpellError } from '../api/errors.ts';
import type { Context } from './context.ts';

/** Throws for a verb about this machine's own processes when another control plane was chosen. */
export function refuseRemote({ controlPlane: { isLocal, context } }: Context, verb: string): void {
  if (isLocal) return;
  throw new SpellError(
    'usage',
    `\`spell ${verb}\` is about this machine, but the context is ${JSON.stringify(context)}`,
    'add --context local, or unset SPELL_API_URL',
  );
}
