import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpellError } from '../../api/errors.ts';
import { nameProblem } from '../../api/names.ts';
import type { Resource } from '../../api/objects.ts';
import { gitState } from '../../api/project/git-state.ts';
import { watchOutputs } from '../../api/project/outputs.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { runCommand } from '../running/run-command.ts';
import { RunLog } from '../running/run-log.ts';
import { saveRun } from '../running/save-run.ts';
import { printJson } from '../terminal/json.ts';
import { shownEnd, shownSaved } from './runs/shown-run.ts';

const newline = 10;

const lookingToldAfterMs = 1000;

export const run = command({
  name: 'run',
  summary: 'Runs a command here, and keeps its log and what it made as runs/N',
  details:
    'Without --save it keeps the files below this folder that the command created or changed, but for what .spellignore excludes, ' +
    'Python environments and caches. With it, all that lies at the paths. The exit status is the command’s. A run is registered when ' +
    'its command has ended, however it ended; Ctrl-C is for the command to answer. Python prints without buffering (PYTHONUNBUFFERED).',
  arguments: { command: { show: '-- COMMAND…', doc: 'what to run, with its own options', repeat: true, verbatim: true } },
  options: {
    save: { kind: 'list', value: 'PATH', doc: 'keep this file or folder, below the one that the command runs in' },
    name: { kind: 'value', short: 'n', value: 'NAME', doc: 'a name for the run, which models of it take by themselves' },
  },
  example: `
spell run -- python train.py --epochs 3
spell run --name cifar --save saved_models -- python train.py`,
  run: async (context, { command: words, save = [], name = null }) => {
    const problem = name === null ? undefined : nameProblem('run', name);
    if (problem) throw new SpellError('bad-name', problem, 'choose another name with --name');
    // Whatever stands in the way of registering is better known before the hours than after them. It may also make the home.
    await context.controlPlane.connect();
    const findOutputs = await whileLooking(context, watchOutputs({ folder: context.cwd, home: context.home, save }));
    const logFolder = await mkdtemp(join(tmpdir(), 'spell-run-'));
    const log = new RunLog({ folder: logFolder, now: () => new Date() });
    let isWritten = false;
    let lastByte = newline;
    const id = randomUUID();
    const git = await gitState(context.cwd);
    const startedAt = new Date().toISOString();
    try {
      const ended = await runCommand({
        command: words,
        cwd: context.cwd,
        env: { PYTHONUNBUFFERED: '1', ...context.env },
        takeSignals: context.takeSignals,
        // With -o json our own stdout is for one document.
        printed: async (stream, bytes) => {
          lastByte = bytes.at(-1) ?? lastByte;
          await Promise.all([context.terminal.pass(context.output === 'json' ? 'stderr' : stream, bytes), log.add(stream, bytes)]);
        },
      });
      const ran = { id, name, command: words, folder: context.cwd, ...ended, startedAt, endedAt: new Date().toISOString(), git };
      if (lastByte !== newline) context.terminal.say('');
      const file = await log.end();
      isWritten = true;
      show(context, await saveRun(context, { ran, findOutputs, log: file }));
      isWritten = false;
      return ended.exitStatus;
    } finally {
      if (isWritten) context.terminal.say(`the log is kept in ${logFolder}`);
      else await rm(logFolder, { recursive: true, force: true });
    }
  },
});

/** A folder of many files takes a while, in which nothing else is to be seen. */
async function whileLooking<T>({ terminal }: Context, work: Promise<T>): Promise<T> {
  let told = false;
  const timer = setTimeout(() => {
    told = true;
    terminal.showTransient('looking at the files here, to know afterwards which are new');
  }, lookingToldAfterMs);
  return work.finally(() => {
    clearTimeout(timer);
    if (told) terminal.showTransient('');
  });
}

function show(context: Context, resource: Resource): void {
  const { run: made, path } = resource;
  if (context.output === 'json') printJson(context, resource);
  else if (made) context.terminal.say(`${path}: ${shownEnd(made)}; ${shownSaved(resource)}`);
}
