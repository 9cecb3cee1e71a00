import { openWorkbench } from '../editor/eye/workbench/workbench.ts';
import type { Activation } from '../editor/runner/activation.ts';
import { Report } from './measure/report.ts';
import { rounds } from './measure/rounds.ts';

// What the extension costs an editor that loads it, in a real one: its bundle, `activate`, and what it registers.

async function activateRound(): Promise<Activation> {
  const workbench = await openWorkbench({});
  try {
    return await workbench.invoke<Activation>({ activate: 'spell.spell-model-servers' });
  } finally {
    await workbench.close();
  }
}

const activations: Activation[] = [];
for (let round = 0; round < rounds; round++) activations.push(await activateRound());

const report = new Report('activate');
report.figure(
  'CPU of the extension host',
  'ms',
  activations.map(({ cpuMs }) => cpuMs),
  { atMost: 50 },
);
report.figure(
  'calls of files, sockets and processes before it returns',
  '',
  activations.map(({ io }) => io.length),
  { exactly: 0 },
);
report.raw('results', activations);
report.finish();
