import type { Context } from '../../context.ts';

/** *Spell: Restart Language Server*. Resolves when it is up again. */
export async function restartLanguageServer({ languageServer }: Context): Promise<true> {
  await languageServer.restart();
  return true;
}
