import type { Contribution } from '../context.ts';
import { setContextKey } from '../contributions.ts';

/** Follows a control plane that runs, and lets `when` clauses know how it is. Starts nothing. */
export const observeControlPlane: Contribution = {
  register({ code, controlPlane }) {
    const tell = (): void => setContextKey(code, 'spell.controlPlane.state', controlPlane.state.kind);
    const listening = controlPlane.onDidChange(tell);
    tell();
    // Reads files: not before `activate` has returned.
    const later = setImmediate(() => controlPlane.observe());
    return {
      dispose: () => {
        clearImmediate(later);
        listening.dispose();
      },
    };
  },
};
