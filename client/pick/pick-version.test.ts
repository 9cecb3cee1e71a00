import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelVersion } from '../../runtime/api/objects.ts';
import { Cancelled } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ModelTarget } from '../contributions.ts';
import { fakeEditor } from '../testing.ts';
import { pickVersions } from './pick-version.ts';

type Row = { label: string; description?: string };

/** Somebody who takes the row of that label, among so many versions of a model. */
async function pick(versions: number, label: string): Promise<{ rows: string[]; picked: ModelTarget }> {
  const { code } = fakeEditor();
  let rows: readonly Row[] = [];
  const showQuickPick = async (shown: readonly Row[]): Promise<Row | undefined> => {
    rows = shown;
    return shown.find((row) => row.label === label);
  };
  const described = Array.from({ length: versions }, (_, at) => ({
    version: versions - at,
    custom: at === 0 ? 'best' : null,
    resource: 'uploads/a',
  }));
  const client = { describeModel: async () => described as ModelVersion[] };
  const context = { client, code: { ...code, window: { showQuickPick } } } as unknown as Context;
  const picked = await pickVersions(context, 'Remove m', 'm');
  return { rows: rows.map((row) => [row.label, row.description].filter(Boolean).join(': ')), picked };
}

test('of a model with several versions one is picked, or all; of another nobody is asked', async () => {
  const rows = ['All 2 versions', 'best (v2): uploads/a · the newest', 'v1: uploads/a'];
  assert.deepEqual(await pick(2, 'v1'), { rows, picked: { model: 'm', version: 1 } });
  assert.deepEqual(await pick(2, 'All 2 versions'), { rows, picked: { model: 'm' } });
  assert.deepEqual(await pick(1, ''), { rows: [], picked: { model: 'm' } });
  await assert.rejects(pick(2, 'none of them'), Cancelled);
});
