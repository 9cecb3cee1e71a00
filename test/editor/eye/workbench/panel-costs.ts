import type { Frame } from 'playwright-core';
import { hostMemory } from './our-processes.ts';
import type { Workbench } from './workbench.ts';

/** What the log panel has cost since {@link watchPanel}. Times in milliseconds, memory in MB. */
export interface PanelCosts {
  seconds: number;
  messages: number;
  frames: number;
  meanFrame: number;
  longestFrame: number;
  /** What the extension host has grown by. */
  hostGrowth: number;
}

// These run in the panel's page, which has other globals than we have.
const watch = `
  globalThis.seen = { messages: 0, frames: [], begun: performance.now() };
  addEventListener('message', ({ data }) => { if (data.type === 'entries') seen.messages++; });
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === 'spell.logs.frame') seen.frames.push(duration);
  }).observe({ entryTypes: ['measure'] });
`;
const tell = `({ messages: seen.messages, frames: seen.frames, seconds: (performance.now() - seen.begun) / 1000 })`;
const filter = (text: string): string => `(() => {
  const input = document.querySelector('input.filter');
  const begun = performance.now();
  input.value = ${JSON.stringify(text)};
  input.dispatchEvent(new Event('input'));
  document.querySelector('.list').getBoundingClientRect();
  return performance.now() - begun;
})()`;

/** Begins to count; the returned function tells what has come since. */
export async function watchPanel(workbench: Workbench): Promise<() => Promise<PanelCosts>> {
  const page = await panelFrame(workbench);
  const before = await hostMemory(workbench);
  await page.evaluate(watch);
  return async () => {
    const { messages, frames, seconds } = await page.evaluate<{ messages: number; frames: number[]; seconds: number }>(tell);
    const meanFrame = frames.reduce((sum, ms) => sum + ms, 0) / frames.length;
    const hostGrowth = (await hostMemory(workbench)) - before;
    return { seconds, messages, frames: frames.length, meanFrame, longestFrame: Math.max(...frames), hostGrowth };
  };
}

/** How long the panel takes from a key in the filter to the list being laid out, in milliseconds. */
export async function timeFilter(workbench: Workbench, text: string): Promise<number> {
  return await (await panelFrame(workbench)).evaluate<number>(filter(text));
}

async function panelFrame({ page }: Workbench): Promise<Frame> {
  const outer = await (await page.locator('iframe.webview').first().elementHandle())?.contentFrame();
  const inner = outer?.childFrames()[0];
  if (!inner) throw new Error('there is no webview');
  return inner;
}
