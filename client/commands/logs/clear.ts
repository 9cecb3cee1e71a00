import type { Context } from '../../context.ts';

/** *Spell: Clear Log*: empties the log panel; the control plane keeps what it has. */
export async function clearLog({ logPanel }: Context): Promise<true> {
  logPanel.clear();
  return true;
}
