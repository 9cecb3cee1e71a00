import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import type { Contribution } from '../context.ts';
import { followControlPlane } from './follow-control-plane.ts';

/** Starts the language server with the first document that it is about, and tells it what the control plane has. */
export const runLanguageServer: Contribution = {
  register({ languageServer, controlPlane }) {
    const tell = (facts: ControlPlaneFacts | null): void => languageServer.tellControlPlane(facts);
    const following = followControlPlane({ controlPlane, tell });
    const running = languageServer.register();
    return { dispose: () => [following, running].forEach((each) => void each.dispose()) };
  },
};
