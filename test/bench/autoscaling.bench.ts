import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findControlPlane } from '../../runtime/api/connect/find.ts';
import { makeHome } from '../harness/home.ts';
import { startLoad } from '../harness/load.ts';
import { endWithUs } from './contestants/program.ts';
import { Report } from './measure/report.ts';
import { quick, tell } from './measure/rounds.ts';

// 20 → 200 → 20 requests/s against a predictor of 10 ms, with 50 for each pod and one to five of them: how soon is the
// number of pods right, does it stay so, and is anything lost?

const predictor = `import time

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        time.sleep(0.01)
        return payload
`;

/** How long each rate is held. What happens in its first seconds is the step, the rest is to be calm. */
const heldMs = quick ? 25_000 : 135_000;

const steps = [
  { rate: 20, pods: 1 },
  { rate: 200, pods: 4 },
  { rate: 20, pods: 1 },
];

interface Step {
  rate: number;
  /** From the step until the right number of pods was ready and nothing else drained. */
  rightAfterMs: number;
  /** Looks after the fifteenth second that saw another number. */
  wrongLater: number;
  requests: number;
  failed: number;
}

const home = await makeHome();
endWithUs(home.home);
const held: Step[] = [];
try {
  await writeFile(join(home.folder, 'predictor.py'), predictor);
  const url = (await home.ok(['server', 'serve', '--name', 'steps', '--target-requests-per-second', '50', 'predictor.py'])).trim();
  const found = await findControlPlane(home.home);
  if (!found) throw new Error('there is no control plane');
  const { client } = found;
  const ready = async (): Promise<number> => {
    const { podList } = await client.describeModelServer({ owner: 'local', name: 'steps' });
    return podList.every(({ state }) => state === 'ready') ? podList.length : Number.NaN;
  };
  for (const { rate, pods } of steps) {
    const began = performance.now();
    const load = startLoad(url, {}, rate);
    let rightAfterMs = Number.POSITIVE_INFINITY;
    let wrongLater = 0;
    while (performance.now() - began < heldMs) {
      const at = performance.now() - began;
      const isRight = (await ready()) === pods;
      if (isRight) rightAfterMs = Math.min(rightAfterMs, at);
      else if (at > 15_000) wrongLater++;
      await pause(250);
    }
    const samples = await load.stop();
    held.push({ rate, rightAfterMs, wrongLater, requests: samples.length, failed: samples.filter(({ status }) => status !== 200).length });
    tell(`${rate} requests/s: ${pods} pods after ${Math.round(rightAfterMs)} ms`);
  }
} finally {
  await home.close();
}

const report = new Report('autoscaling');
report.table(
  ['requests/s', 'right after, s', 'looks that saw another number after 15 s', 'requests', 'failed'],
  held.map(({ rate, rightAfterMs, wrongLater, requests, failed }) => [rate, rightAfterMs / 1000, wrongLater, requests, failed]),
);
report.figure('longest until the number was right', 's', [Math.max(...held.map(({ rightAfterMs }) => rightAfterMs / 1000))], {
  atMost: 15,
});
report.figure(
  `another number in the ${Math.round((heldMs - 15_000) / 1000)} s after`,
  '',
  held.map(({ wrongLater }) => wrongLater),
  { exactly: 0 },
);
report.figure(
  'failed',
  '',
  held.map(({ failed }) => failed),
  { exactly: 0 },
);
report.raw('steps', held);
report.finish();
