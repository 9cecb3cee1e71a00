import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { root } from '../../../scripts/root.ts';
import { type Contestant, payload, type Running } from './contestant.ts';
import { onCore } from './pinned.ts';
import { startProgram } from './program.ts';

const here = join(root, 'test', 'bench', 'contestants');

/** `node:http` and nothing else, on core 0: what a front in Node can do at all. Its batches are of one: it sleeps, and answers. */
export const node: Contestant = {
  name: 'node:http',
  start: ({ kind }) => startNode(kind === 'echo' ? 'node-echo.ts' : 'node-sleeping.ts'),
};

/** The same with the work in a second process: what a front and a worker can do at all, with no product around them. */
export const nodeBeforePython: Contestant = {
  name: 'node:http before a loop in Python',
  start: () => startNode('node-before-python-echo.ts'),
};

/** A program of this folder that prints where it listens. */
async function startNode(file: string): Promise<Running> {
  const program = startProgram(onCore(0, [process.execPath, '--disable-warning=ExperimentalWarning', join(here, file)]), {}, here, 'pipe');
  const url = await firstLine(program.child.stdout as Readable);
  return { url, body: payload, pids: program.pids(), stop: () => program.stop() };
}

async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const piece of stream) {
    text += String(piece);
    if (text.includes('\n')) break;
  }
  return text.slice(0, text.indexOf('\n'));
}
