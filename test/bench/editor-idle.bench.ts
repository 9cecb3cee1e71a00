import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ourProcesses } from '../editor/eye/workbench/our-processes.ts';
import { openWorkbench } from '../editor/eye/workbench/workbench.ts';
import { fillHome } from '../harness/filled-home.ts';
import { type NotedRequests, startNotedControlPlane } from '../harness/noted-requests.ts';
import { cpuMicroseconds } from './measure/processes.ts';
import { Report } from './measure/report.ts';
import { rounds, span, tell } from './measure/rounds.ts';

// What a window costs in which nobody does anything, beside 20 model servers that run: with our views open, and a predictor that
// one of them runs. The page's own thread is the workbench's, so what is ours of it is what the same window costs more than with
// another container of views in their place.

const spanMs = span(30_000);
/** A window that has just come goes on with this and that. */
const settleMs = span(30_000);

/** Of one core, in percent. */
interface Costs {
  extensionHost: number;
  languageServer: number;
  page: number;
  /** Requests that the control plane got. */
  requests: number;
}

let noted: NotedRequests | undefined;
// The extension host of a remote window, as a browser's is, else looks through all processes of the machine every two seconds, for
// ports to forward: three per cent of a core that are not ours.
const settings = { 'remote.autoForwardPortsSource': 'output' };
const workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor', settings }, async ({ home, workspace, env }) => {
  const servedFrom = { root: workspace, entrypoint: join(workspace, 'predictor.py') };
  await fillHome(home, { models: 20, versionsEach: 20, stopped: 0, running: 20, servedFrom });
  noted = await startNotedControlPlane(home, env);
});

async function measure(requests: NotedRequests): Promise<Costs> {
  const { extensionHost, languageServer = 0 } = await ourProcesses(workbench);
  const look = async (): Promise<Costs> => ({
    extensionHost: cpuMicroseconds(extensionHost),
    languageServer: cpuMicroseconds(languageServer),
    page: await pageMicroseconds(),
    requests: (await requests()).length,
  });
  const before = await look();
  await pause(spanMs);
  const now = await look();
  const percent = (of: 'extensionHost' | 'languageServer' | 'page'): number => ((now[of] - before[of]) / (spanMs * 1000)) * 100;
  return {
    extensionHost: percent('extensionHost'),
    languageServer: percent('languageServer'),
    page: percent('page'),
    requests: now.requests - before.requests,
  };
}

// Counted from here on, so one session for all of it.
const session = await workbench.page.context().newCDPSession(workbench.page);
await session.send('Performance.enable');

/** What the page's own thread has worked so far, as the browser counts it. */
async function pageMicroseconds(): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1e6;
}

const ours: Costs[] = [];
const others: Costs[] = [];
try {
  await workbench.openContainer('Spell');
  await workbench.treeItem(/^running-0, model server, running/).waitFor();
  await workbench.openFile('predictor.py');
  await workbench.editor.locator('.codelens-decoration').filter({ hasText: 'Update running-0' }).first().waitFor();
  await pause(settleMs);
  for (let round = 0; round < rounds; round++) {
    for (const [container, costs] of [['Explorer', others] as const, ['Spell', ours] as const]) {
      await workbench.openContainer(container);
      await pause(span(10_000));
      costs.push(await measure(noted as NotedRequests));
      tell(`round ${round + 1} of ${rounds}: ${container}, ${JSON.stringify(costs.at(-1))}`);
    }
  }
} finally {
  await workbench.close();
}

const report = new Report('editor-idle');
report.say(`20 model servers run; ${spanMs / 1000} s each round, in which nobody does anything. Of one core.`);
const of = (what: keyof Costs): number[] => ours.map((each) => each[what]);
report.figure(
  'CPU of the extension host and the language server',
  '%',
  ours.map(({ extensionHost, languageServer }) => extensionHost + languageServer),
  { atMost: 1 },
);
report.figure('of these the language server', '%', of('languageServer'), { atMost: 1 });
report.figure(
  "the page's thread, beyond what it costs with the explorer in the place of our views",
  '%',
  ours.map(({ page }, round) => page - (others[round]?.page ?? 0)),
  { atMost: 1 },
);
report.figure('requests that the control plane got', '', of('requests'), { exactly: 0 });
report.raw('ours', ours);
report.raw('others', others);
report.finish();
