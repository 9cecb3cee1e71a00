import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { homeLayout } from '../../runtime/api/home.ts';
import type { Status } from '../../runtime/api/objects.ts';
import { openWorkbench, type Workbench } from '../editor/eye/workbench/workbench.ts';
import { Report } from './measure/report.ts';
import { rounds } from './measure/rounds.ts';

// From a click on the code lens above a predictor to the first request that is answered with 200: in a window beside which no control
// plane runs, then again, beside the one that the first click has started. A folder with a predictor and its `spell.yaml`; nothing is asked.

const server = { owner: 'local', name: 'shout' };
const withinMs = 60_000;

/** Clicks, and returns after how many milliseconds the first request was answered. */
async function click(workbench: Workbench): Promise<number> {
  const lens = workbench.editor
    .locator('.codelens-decoration a')
    .filter({ hasText: /^Serve$/ })
    .first();
  await lens.waitFor();
  const began = performance.now();
  await lens.click();
  await firstAnswer(workbench.window.place.home, began);
  return performance.now() - began;
}

/** Tries as somebody does who knows nothing but the file in which a control plane tells where it answers. */
async function firstAnswer(home: string, began: number): Promise<void> {
  for (let last = 'nothing was there'; ; await pause(5)) {
    if (performance.now() - began > withinMs) throw new Error(`no answer within ${withinMs / 1000} s: ${last}`);
    const gateway = await gatewayOf(home);
    if (!gateway) continue;
    const url = `${gateway}/${server.owner}/${server.name}/predict`;
    const answer = await fetch(url, { method: 'POST', body: '{"text": "a"}' }).catch((error: Error) => error);
    if ('status' in answer && answer.status === 200) return;
    last = 'status' in answer ? `${answer.status}: ${await answer.text()}` : answer.message;
  }
}

async function gatewayOf(home: string): Promise<string | null> {
  const text = await readFile(homeLayout(home).spelldFile, 'utf8').catch(() => '{}');
  return (JSON.parse(text) as Partial<Status>).gatewayUrl ?? null;
}

async function clickRound(): Promise<{ cold: number; warm: number }> {
  const workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
  try {
    await workbench.openFile('predictor.py');
    const cold = await click(workbench);
    const update = workbench.editor.locator('.codelens-decoration a').filter({ hasText: 'Update shout' });
    await update.waitFor();
    await workbench.api('removeModelServer', { ...server, query: { force: 'true' } });
    await update.waitFor({ state: 'hidden' });
    return { cold, warm: await click(workbench) };
  } finally {
    await workbench.close();
  }
}

const clicks: { cold: number; warm: number }[] = [];
for (let round = 0; round < rounds; round++) clicks.push(await clickRound());

const report = new Report('click');
report.figure(
  'a click on the lens with nothing running → first answer',
  'ms',
  clicks.map(({ cold }) => cold),
  { atMost: 1500 },
);
report.figure(
  'a click on the lens with the control plane up → first answer',
  'ms',
  clicks.map(({ warm }) => warm),
  { atMost: 1500 },
);
report.raw('clicks', clicks);
report.finish();
