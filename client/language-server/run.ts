import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import type { Context, Contribution } from '../context.ts';
import type { Subscription } from '../emitter.ts';
import { modelServerKey } from '../inventory/inventory.ts';
import { followControlPlane } from './follow-control-plane.ts';
import { watchRates } from './watch-rates.ts';

/** Starts the language server with the first document that it is about, and tells it what the control plane has. */
export const runLanguageServer: Contribution = {
  register(context) {
    const { code, languageServer, controlPlane, inventory } = context;
    let facts: ControlPlaneFacts | null = null;
    const rates = watchRates({
      shown: () => shownModelServers(context, facts),
      attended: () => code.window.state.active,
      arrived: (key) => arrivedAt(context, key),
      tell: (now) => languageServer.tellRates(now),
      now: () => performance.now(),
    });
    const tell = (now: ControlPlaneFacts | null): void => {
      facts = now;
      languageServer.tellControlPlane(now);
      rates.look();
    };
    // What nobody is told of is not asked for: most windows never have a language server.
    let following: Subscription | undefined;
    const wanted = languageServer.onWanted(() => {
      following ??= followControlPlane({ controlPlane, inventory, tell });
    });
    const looking = code.window.onDidChangeVisibleTextEditors(() => rates.look());
    const returning = code.window.onDidChangeWindowState(() => rates.look());
    const running = languageServer.register();
    return {
      dispose: () => {
        for (const each of [wanted, rates, looking, returning, running]) each.dispose();
        following?.dispose();
      },
    };
  },
};

/** The running model servers whose predictor is open in an editor that can be seen. */
function shownModelServers({ code }: Context, facts: ControlPlaneFacts | null): string[] {
  const seen = new Set(code.window.visibleTextEditors.map(({ document }) => document.uri.fsPath));
  const running = facts?.servers?.filter(
    ({ entrypoint, pods }) => pods.ready > 0 && entrypoint && seen.has(code.Uri.parse(entrypoint).fsPath),
  );
  return running?.map(modelServerKey) ?? [];
}

/** Requests that have come to one so far, answered or not. Asks a control plane that is there, and starts none. */
async function arrivedAt({ controlPlane }: Context, key: string): Promise<number | undefined> {
  const [owner = '', name = ''] = key.split('/');
  const client = await controlPlane.current();
  const traffic = await client.traffic({ owner, name });
  return traffic ? traffic.requests + traffic.inFlight : undefined;
}
