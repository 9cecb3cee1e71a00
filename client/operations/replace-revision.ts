import type { ModelServer, Operation } from '../../runtime/api/objects.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { RecreateOptions } from '../contributions.ts';
import { rollOut } from './roll-out.ts';
import { RolloutFailed } from './rollout-failed.ts';

/**
 * Rolls out a revision in the place of another, as `rollOut` does. Where the machine has no room for both, which the control plane says
 * at once and without harm, a person is asked whether the old one shall end first. `begin` is told whether it does.
 */
export async function replaceRevision(
  context: Context,
  title: string,
  { recreate = false }: { recreate?: RecreateOptions['recreate'] | undefined },
  begin: (recreate: boolean) => Promise<Operation>,
): Promise<ModelServer> {
  try {
    return await rollOut(context, title, () => begin(recreate === true));
  } catch (error) {
    if (recreate !== 'ask' || !(error instanceof RolloutFailed) || error.failure?.code !== 'unschedulable') throw error;
    await askToEndFirst(context, error.target.name, error.failure.message);
    return rollOut(context, title, () => begin(true));
  }
}

/** Throws `Cancelled` unless somebody wants it. */
async function askToEndFirst({ code: { l10n, window } }: Context, name: string, why: string): Promise<void> {
  const question = l10n.t('There is no room for two revisions of {0}. End the old one first?', name);
  const detail = [
    `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    l10n.t(
      'The old one goes on answering now. Once it has ended, requests get 503 until the new one is ready; should that fail, the old one is started again.',
    ),
  ].join('\n\n');
  await answered(window.showWarningMessage(question, { modal: true, detail }, l10n.t('End the Old One First')));
}
