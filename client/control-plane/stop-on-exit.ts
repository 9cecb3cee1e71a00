import type { Contribution } from '../context.ts';
import { readSetting } from '../contributions.ts';
import { Lease } from './lease.ts';

/**
 * With the setting `spell.controlPlane.stopOnExit` the control plane of this machine, once the window has connected to it, ends
 * after the last such window. `deactivate` could not see to that: an extension host that crashes or is in a hurry never calls it.
 */
export const stopOnExit: Contribution = {
  register({ code, controlPlane, log }) {
    const lease = new Lease(controlPlane.home, (line) => log.info(line));
    const follow = (): void => {
      if (!readSetting(code, 'controlPlane.stopOnExit') || controlPlane.context !== 'local') void lease.giveBack();
      else if (controlPlane.state.kind === 'ready') lease.take();
    };
    const listening = [
      controlPlane.onDidChange(follow),
      code.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('spell.controlPlane.stopOnExit') && follow()),
      lease,
    ];
    return { dispose: () => listening.forEach((each) => void each.dispose()) };
  },
};
