import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '../../runtime/api/http/client-types.ts';
import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import type { Context } from '../context.ts';
import { Emitter } from '../emitter.ts';
import { Inventory } from '../inventory/inventory.ts';
import { runLanguageServer } from './run.ts';

test('a control plane is asked nothing for a language server that nobody needs, and told to one as soon as somebody does', async ({
  mock,
}) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const asked: string[] = [];
  const lists = ['listModels', 'listModelServers', 'listResources'];
  const none = { event: () => ({ dispose: () => {} }) };
  const list = async (name: string): Promise<never[]> => {
    asked.push(name);
    return [];
  };
  const client = Object.fromEntries(lists.map((name) => [name, () => list(name)])) as unknown as Client;
  const controlPlane = { state: { kind: 'ready', status: {} }, onDidChange: none.event, onEvent: none.event };
  const inventory = new Inventory(client, controlPlane as never);
  const wanted = new Emitter<void>();
  const told: (ControlPlaneFacts | null)[] = [];
  const languageServer = { register: none.event, onWanted: wanted.event, tellControlPlane: (facts: null) => told.push(facts) };
  const running = runLanguageServer.register({ controlPlane, inventory, languageServer } as unknown as Context);
  const pass = async (): Promise<void> => {
    mock.timers.tick(1000);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  await pass();
  assert.deepEqual(asked, []);
  wanted.fire();
  wanted.fire();
  await pass();
  assert.deepEqual(asked.sort(), lists.sort());
  assert.deepEqual(told, [{ models: [], resources: [], servers: [] }]);
  running.dispose();
});
