import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelServer, Rollout, StartFailure } from '../../runtime/api/objects.ts';
import { blamedBy } from './blamed.ts';

const failure: StartFailure = { code: 'init-raised', message: 'KeyError', hint: 'look', file: 'lib/load.py', line: 6, class: 'P' };
const here = { root: '/project', entrypoint: '/project/p.py' };
const rollout: Rollout = { state: 'complete', revision: 2, reason: null, stage: null, failure: null, log: [], servedFrom: here };
const server = (more: Partial<ModelServer>): ModelServer =>
  ({ name: 'x', rollout, failure: null, servedFrom: here, ...more }) as ModelServer;

test('a failed rollout is blamed on the file of its own revision', () => {
  const there = { root: '/copy', entrypoint: '/copy/p.py' };
  const blamed = blamedBy(server({ rollout: { ...rollout, state: 'failed', failure, servedFrom: there } }));
  assert.deepEqual(blamed, { file: '/copy/lib/load.py', line: 6, code: 'init-raised', message: 'x: KeyError\nlook' });
});

test('a failure without a file is blamed on the entrypoint; one of pods that fail later on the revision that answers', () => {
  const blamed = blamedBy(server({ failure: { ...failure, file: null, line: null, hint: null } }));
  assert.deepEqual(blamed, { file: '/project/p.py', line: 1, code: 'init-raised', message: 'x: KeyError' });
});

test('nothing is blamed when all is well, when nobody told where the code was, or when a machine had no room', () => {
  assert.equal(blamedBy(server({})), undefined);
  assert.equal(blamedBy(server({ failure, servedFrom: null })), undefined);
  const short = { ...failure, code: 'unschedulable', file: null, line: null };
  assert.equal(blamedBy(server({ rollout: { ...rollout, state: 'failed', failure: short } })), undefined);
});
