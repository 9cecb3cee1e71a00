import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { leasePauseMs } from '../../runtime/control/process/leases.ts';
import { eventually } from '../harness/eventually.ts';
import { makeHome, type TestHome } from '../harness/home.ts';
import { processesOfHome } from '../harness/processes.ts';

const goneWithinMs = 60_000;

const predictor = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

/** A program that holds a lease, and says so once the control plane has answered. */
const program = `
  const [url, token] = process.argv.slice(1);
  const { status, body } = await fetch(url, { headers: { authorization: 'Bearer ' + token } });
  console.log(status);
  for await (const _ of body);
`;

let home: TestHome;
let entrypoint: string;
let url: string;
before(async () => {
  home = await makeHome();
  entrypoint = join(home.folder, 'predictor.py');
  await writeFile(entrypoint, predictor);
  url = (await home.ok(['server', 'serve', '--name', 'leased', entrypoint])).trim();
});
after(() => home.close());

/** Another process that holds a lease of the home; it is killed at the latest with the test. */
async function hold(name: string): Promise<ChildProcess> {
  const { apiUrl } = JSON.parse(await readFile(join(home.home, 'spelld.json'), 'utf8')) as { apiUrl: string };
  const token = (await readFile(join(home.home, 'token'), 'utf8')).trim();
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, `${apiUrl}/api/v1/leases/${name}`, token], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  assert.equal(line.toString().trim(), '200');
  return child;
}

async function kill(...holders: ChildProcess[]): Promise<void> {
  await Promise.all(holders.map((each) => [once(each, 'exit'), each.kill('SIGKILL')][0]));
}

async function answers(): Promise<boolean> {
  return (await fetch(url, { method: 'POST', body: '1' })).ok;
}

test('it ends with the last that holds a lease, with all that runs, and a return within the pause begins the wait anew', async () => {
  const [first, second] = [await hold('a'), await hold('b')];
  await kill(first);
  assert.ok(await answers(), 'another one is there');
  await kill(second);
  const third = await hold('a');
  assert.ok(await answers(), 'one came back');
  const left = performance.now();
  await kill(third);
  await eventually(async () => assert.deepEqual(await processesOfHome(home.home), []), goneWithinMs);
  assert.ok(performance.now() - left >= leasePauseMs, 'the pause is counted from the last one, not from those before');
});
