import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { requestHistory, type SentBefore } from './history.ts';

function workspace(): { extension: vscode.ExtensionContext; stored: Map<string, unknown> } {
  const stored = new Map<string, unknown>();
  const workspaceState = {
    get: (key: string) => stored.get(key),
    update: async (key: string, value: unknown) => void stored.set(key, structuredClone(value)),
  };
  return { extension: { workspaceState } as unknown as vscode.ExtensionContext, stored };
}

const sent = (payload: string, at = payload): SentBefore => ({ at, payload, status: 200, requestId: 'r', ms: 1 });

test('the newest come first, the same payload once, and no more than twenty of a model server', async () => {
  const { extension } = workspace();
  const digits = requestHistory({ extension }, { owner: 'local', name: 'digits' });
  for (let at = 0; at < 25; at++) await digits.add(sent(String(at)));
  await digits.add(sent('10', 'again'));
  assert.deepEqual(
    digits.all().map(({ at }) => at),
    ['again', ...Array.from({ length: 20 }, (_, at) => String(24 - at)).filter((at) => at !== '10')],
  );
});

test('what is large is noted without its payload', async () => {
  const { extension } = workspace();
  const digits = requestHistory({ extension }, { owner: 'local', name: 'digits' });
  await digits.add(sent('x'.repeat(64 * 1024 + 1), 'large'));
  await digits.add(sent('x'.repeat(64 * 1024), 'just'));
  assert.deepEqual(
    digits.all().map(({ at, payload }) => [at, payload?.length]),
    [
      ['just', 64 * 1024],
      ['large', undefined],
    ],
  );
});

test('each model server has its own, and the one that was used longest ago is forgotten first', async () => {
  const { extension, stored } = workspace();
  const of = (name: string): ReturnType<typeof requestHistory> => requestHistory({ extension }, { owner: 'local', name });
  for (let at = 0; at < 52; at++) await of(`server-${at}`).add(sent('{}'));
  assert.deepEqual([of('server-1').all().length, of('server-2').all().length], [0, 1]);
  await of('server-2').clear();
  assert.deepEqual([of('server-2').all().length, (stored.get('spell.requests') as unknown[]).length], [0, 49]);
});
