import assert from 'node:assert/strict';
import type { Resource, ServedFrom } from '../../runtime/api/objects.ts';
import { openHomeFolder } from '../../runtime/control/process/home-folder.ts';
import { FakePlatform } from '../../runtime/control/testing/fake-platform.ts';
import { makeTestControl, type TestControl } from '../../runtime/control/testing/test-control.ts';
import { freePort } from './free-port.ts';

/** How much a home is to have. */
export interface Contents {
  /** Models, `model-0` and so on, each with so many versions. */
  models: number;
  versionsEach: number;
  /** Model servers that were stopped: `stopped-0` and so on. */
  stopped: number;
  /** Model servers that run as soon as a control plane takes over: `running-0` and so on. */
  running: number;
  /** Where the code of `running-0` was taken, as its client told it. */
  servedFrom?: ServedFrom;
}

const predictor = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;

/**
 * Fills a home that no control plane has yet, by the API and the store of a real one over a platform without processes: what
 * would take a machine a quarter of an hour is there in seconds, as it is stored in earnest.
 */
export async function fillHome(home: string, contents: Contents): Promise<void> {
  await openHomeFolder(home);
  const ends: (() => unknown)[] = [];
  const platform = new FakePlatform();
  // The address is remembered, and the next gateway wants to have it.
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  platform.start = async () => platform.show({ endpoint });
  const control = await makeTestControl({ after: (end: unknown) => void ends.push(end as () => unknown) }, { home, platform });
  try {
    await addModels(control, contents);
    await addModelServers(control, contents);
  } finally {
    for (const end of ends) await end();
  }
}

async function addModels(control: TestControl, { models, versionsEach }: Contents): Promise<void> {
  const files = await control.send({ 'weights.bin': 'w', 'labels/en.txt': 'one' });
  const { path } = await told<Resource>(control, '/resources/uploads', { name: 'weights', files });
  for (let nth = 0; nth < models; nth++) await told(control, '/models', { name: `model-${nth}`, resource: path });
  const { models: table } = control.store;
  control.store.change(() => {
    for (const { name } of table.all())
      for (const first of table.versions(name))
        for (let more = 1; more < versionsEach; more++) table.insert({ ...first, version: table.nextVersion(name) });
  });
}

async function addModelServers(control: TestControl, { stopped, running, servedFrom }: Contents): Promise<void> {
  const code = await control.code({ 'predictor.py': predictor });
  const serve = (name: string, from?: ServedFrom): Promise<unknown> =>
    told(control, '/model-servers', { name, settings: {}, code: from ? { ...code, servedFrom: from } : code });
  for (let nth = 0; nth < stopped; nth++) await serve(`stopped-${nth}`);
  for (let nth = 0; nth < running; nth++) await serve(`running-${nth}`, nth === 0 ? servedFrom : undefined);
  await control.settle();
  control.platform.obey();
  await control.settle();
  for (let nth = 0; nth < stopped; nth++) await told(control, `/model-servers/local/stopped-${nth}/stop`, {});
  await control.settle();
  control.platform.obey();
  await control.settle();
}

async function told<T>(control: TestControl, path: string, body: object): Promise<T> {
  const answer = await control.call<T>('POST', path, body);
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
