import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Client } from '../http/client-types.ts';
import type { ServeRequest, UpdateRequest } from '../objects.ts';
import { serveRequest, updateRequest } from '../objects.ts';
import { planServe, planUpdate, serve, update } from './plan.ts';
import type { Said, SaidSettings } from './said.ts';
import { makeTree } from './testing.ts';

const place = { env: { PATH: '' }, home: '/nowhere' };

function say(folder: string, values: Record<string, Said['value']>): SaidSettings {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, where: `--${key}`, folder }]));
}

/** A control plane that has every content and remembers what it was asked. */
function recorder(): { client: Client; served: ServeRequest[]; updated: UpdateRequest[] } {
  const served: ServeRequest[] = [];
  const updated: UpdateRequest[] = [];
  const client = {
    missingContents: async () => ({ missing: [] }),
    serve: async ({ body }: { body: ServeRequest }) => void served.push(body),
    update: async ({ body }: { body: UpdateRequest }) => void updated.push(body),
  } as unknown as Client;
  return { client, served, updated };
}

test('what is served is named after its only model, and the request is what the schema wants', async (t) => {
  const root = await makeTree(t, { 'p.py': 'x', 'bin/python': { script: '\x7fELF' } });
  const said = say(root, { model: ['cifar:v2'], entrypoint: 'p.py', 'min-pods': '2', python: 'bin/python' });
  const plan = await planServe(said, place);
  const { client, served } = recorder();
  await serve(client, 'local', plan);
  const body = serveRequest.parse(served[0]);
  assert.equal(body.name, 'cifar');
  assert.deepEqual(body.settings, { model: ['cifar:v2'], 'min-pods': 2, python: join(root, 'bin/python'), entrypoint: 'p.py' });
  assert.deepEqual(body.code.entrypoint, 'p.py');
});

test('a request tells where its code and its config were taken', async (t) => {
  const root = await makeTree(t, { 'p.py': 'x', 'conf/c.yaml': 'a: 1' });
  const { client, served, updated } = recorder();
  const said = say(root, { 'server-name': 'x', entrypoint: 'p.py', config: 'conf/c.yaml' });
  const from = { root, entrypoint: join(root, 'p.py'), config: join(root, 'conf', 'c.yaml') };
  await serve(client, 'local', await planServe(said, place));
  await update(client, { owner: 'local', name: 'x' }, await planUpdate('x', said, [], place));
  assert.deepEqual([served[0]?.code.servedFrom, updated[0]?.code?.servedFrom], [from, from]);
  const { config: _, ...others } = said;
  await serve(client, 'local', await planServe({ ...others, config: { value: { a: 1 }, where: 'spell.yaml', folder: root } }, place));
  assert.equal(served[1]?.code.servedFrom?.config, undefined);
});

test('without a model or with several a name is needed; an entrypoint always is; models are checked', async (t) => {
  const root = await makeTree(t, { 'p.py': 'x' });
  const plan = (values: Record<string, Said['value']>): Promise<unknown> => planServe(say(root, values), place);
  await assert.rejects(plan({ entrypoint: 'p.py' }), { code: 'usage', hint: /--name/ });
  await assert.rejects(plan({ entrypoint: 'p.py', model: ['a', 'b'] }), { code: 'usage', message: /2 models/ });
  await assert.rejects(plan({ model: ['a'] }), { code: 'usage', message: /a has no entrypoint/ });
  await assert.rejects(plan({ entrypoint: 'p.py', model: ['a:'] }), { code: 'bad-name', message: /"a:"/ });
  await assert.rejects(plan({ entrypoint: 'p.py', model: ['-a'] }), { code: 'bad-name' });
});

test('an update sends what was said and nothing else; code only with an entrypoint', async (t) => {
  const root = await makeTree(t, { 'p.py': 'x' });
  const { client, updated } = recorder();
  const server = { owner: 'local', name: 'x' };
  await update(client, server, await planUpdate('x', say(root, { 'min-pods': '3' }), ['--max_queue'], place));
  await update(client, server, await planUpdate('x', say(root, { entrypoint: 'p.py' }), [], place));
  assert.deepEqual(updateRequest.parse(updated[0]), { settings: { 'min-pods': 3 }, unset: ['max-queue'] });
  assert.deepEqual(updateRequest.parse(updated[1]).settings, { entrypoint: 'p.py' });
  assert.equal(updated[1]?.code?.files.length, 1);
});

test('an update that says nothing, contradicts itself, or wants another name', async () => {
  await assert.rejects(planUpdate('x', {}, [], place), { code: 'usage', hint: /--entrypoint/ });
  await assert.rejects(planUpdate('x', {}, ['min-pod'], place), { code: 'bad-setting', hint: /min-pods/ });
  await assert.rejects(planUpdate('x', say('/', { 'min-pods': '1' }), ['min-pods'], place), { code: 'usage', message: /exclude/ });
  await assert.rejects(planUpdate('x', say('/', { 'server-name': 'y' }), [], place), { code: 'bad-setting', message: /y, but .* x/ });
});
