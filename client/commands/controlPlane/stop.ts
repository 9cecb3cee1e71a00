import type { Context } from '../../context.ts';
import type { StopOptions } from '../../contributions.ts';
import { answered } from '../cancelled.ts';

/** *Spell: Stop Control Plane*: ends everything of this machine, after asking: no model server answers any more. Returns whether anything ran. */
export async function stopControlPlane(
  { code, controlPlane }: Context,
  _target?: never,
  _targets?: readonly never[],
  options: StopOptions = {},
): Promise<boolean> {
  const { window, l10n, ProgressLocation } = code;
  if (!options.confirmed) {
    const detail = l10n.t(
      'All model servers of {0} stop answering. Their state stays: a start goes on with the same ones.',
      controlPlane.home,
    );
    await answered(window.showWarningMessage(l10n.t('Stop the control plane?'), { modal: true, detail }, l10n.t('Stop')));
  }
  // With its schemas: not for who never stops anything.
  const { stopEverything } = await import('../../../runtime/api/connect/stop-everything.ts');
  const title = l10n.t('Stopping the control plane');
  return window.withProgress({ location: ProgressLocation.Notification, title }, (progress) =>
    stopEverything(controlPlane.home, () => progress.report({ message: l10n.t('waiting for running requests to finish') })),
  );
}
