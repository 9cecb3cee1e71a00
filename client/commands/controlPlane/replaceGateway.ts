import type { Context } from '../../context.ts';
import type { StopOptions } from '../../contributions.ts';
import { answered } from '../cancelled.ts';

/**
 * *Spell: Replace Gateway*: puts the gateway of the control plane's own build in the place of the one that runs, after saying what that
 * costs. Resolves when it is there, its pods not yet.
 */
export async function replaceGateway(
  { client, code, controlPlane }: Context,
  _target?: never,
  _targets?: readonly never[],
  options: StopOptions = {},
): Promise<true> {
  const { window, l10n, ProgressLocation } = code;
  if (!options.confirmed) {
    const detail = l10n.t('Requests that run are answered first. Until its pods have started again, which takes seconds, none is taken.');
    await answered(window.showWarningMessage(l10n.t('Replace the gateway?'), { modal: true, detail }, l10n.t('Replace')));
  }
  const { promise: started, resolve } = Promise.withResolvers<void>();
  const listening = controlPlane.onEvent(({ type }) => type === 'gateway.started' && resolve());
  try {
    await client.replaceGateway();
    const title = l10n.t('Replacing the gateway');
    await window.withProgress({ location: ProgressLocation.Window, title }, () => started);
  } finally {
    listening.dispose();
  }
  return true;
}
