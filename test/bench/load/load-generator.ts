import { closedLoop, countedLoop } from './closed-loop.ts';
import { targetOf } from './http-connection.ts';
import { idSource } from './ids.ts';
import { openLoop } from './open-loop.ts';
import { paced } from './paced.ts';
import type { LoadPlan } from './plan.ts';
import { Recorder } from './recorder.ts';
import { waves } from './waves.ts';

// A program: `node load-generator.ts PLAN`, a LoadPlan as JSON; prints a LoadResult as JSON.

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
const recorder = new Recorder();
const target = targetOf(plan.url, plan.body);
const nextId = idSource(plan.poison ?? 0);
const { loop } = plan;
switch (loop.kind) {
  case 'closed':
    await closedLoop(recorder, target, nextId, loop);
    break;
  case 'count':
    await countedLoop(recorder, target, nextId, loop);
    break;
  case 'open':
    await openLoop(recorder, target, nextId, loop);
    break;
  case 'paced':
    await paced(recorder, target, nextId, loop);
    break;
  case 'waves':
    await waves(recorder, target, nextId, loop);
}
process.stdout.write(`${JSON.stringify(recorder.result())}\n`, () => process.exit(0));
