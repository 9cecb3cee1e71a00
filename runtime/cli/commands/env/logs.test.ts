import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeControlPlane, makeCommand } from '../../testing.ts';

test('an environment is named by as much of its id as tells it from others', async (t) => {
  const { spell, home } = await makeCommand(t);
  const ids = ['0123456789abcd', '0123456789abff'];
  await fakeControlPlane(t, home, {
    'GET /environments': ids.map((id) => ({ id, state: 'ready', stage: null, failure: null })),
    [`GET /environments/${ids[0]}/log`]: { lines: ['Installed numpy'] },
    [`GET /environments/${ids[1]}/log`]: { lines: [] },
  });
  assert.deepEqual(await spell(['env', 'logs', '0123456789abc']), { status: 0, stdout: 'Installed numpy\n', stderr: '' });
  const silent = await spell(['env', 'logs', ids[1] ?? '']);
  assert.deepEqual(silent, { status: 0, stdout: '', stderr: 'nothing was printed while it was made\n' });
  const several = await spell(['env', 'logs', '0123']);
  assert.deepEqual([several.status, several.stderr.split('\n')[0]], [2, 'error: 2 environments begin with "0123"']);
  assert.deepEqual([(await spell(['env', 'logs', 'abcd'])).status, (await spell(['env', 'logs', ''])).status], [3, 3]);
});
