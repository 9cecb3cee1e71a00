import type { Contribution } from '../context.ts';
import type { Subscription } from '../emitter.ts';
import { followControlPlane } from './follow-control-plane.ts';

/** Starts the language server with the first document that it is about, and tells it what the control plane has. */
export const runLanguageServer: Contribution = {
  register({ languageServer, controlPlane, inventory }) {
    // What nobody is told of is not asked for: most windows never have a language server.
    let following: Subscription | undefined;
    const wanted = languageServer.onWanted(() => {
      following ??= followControlPlane({ controlPlane, inventory, tell: (facts) => languageServer.tellControlPlane(facts) });
    });
    const running = languageServer.register();
    return { dispose: () => [wanted, running, following].forEach((each) => void each?.dispose()) };
  },
};
