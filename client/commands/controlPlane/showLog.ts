import type { Context } from '../../context.ts';

/** *Spell: Show Extension Log*: what the extension did, and why something failed. */
export async function showLog({ log }: Context): Promise<true> {
  log.show();
  return true;
}
