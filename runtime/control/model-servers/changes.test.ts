import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Manifest } from '../../api/objects.ts';
import { type Settings, withDefaults } from '../../api/settings.ts';
import type { PinnedModel, RevisionSpec } from '../../platform/platform.ts';
import { changesBetween } from './changes.ts';

const manifests: Record<string, Manifest> = {
  one: [
    { path: 'a.py', size: 1, digest: 'sha256:a' },
    { path: 'b.py', size: 1, digest: 'sha256:b' },
  ],
  two: [
    { path: 'a.py', size: 1, digest: 'sha256:changed' },
    { path: 'b.py', size: 1, digest: 'sha256:b' },
  ],
  three: [{ path: 'c.py', size: 1, digest: 'sha256:c' }],
};

function spec(settings: Settings = {}, models: [string, string][] = [], manifest = 'one', entrypoint = 'a.py'): RevisionSpec {
  const pins = models.map(([name, version]): PinnedModel => ({ name, version, custom: null, manifest: '' }));
  return { settings: withDefaults(settings), models: pins, code: { entrypoint, manifest } };
}

function changes(before: RevisionSpec, after: RevisionSpec): string[] {
  return changesBetween(before, after, (digest) => manifests[digest] ?? []);
}

test('equal revisions have no changes', () => {
  assert.deepEqual(changes(spec({ env: { A: '1' } }), spec({ env: { A: '1' } })), []);
});

test('models, code and settings are told apart', () => {
  assert.deepEqual(changes(spec({}, [['cifar', 'v1']]), spec({}, [['cifar', 'v2']])), ['model: cifar v1 → v2']);
  assert.deepEqual(changes(spec({}, [['a', 'v1']]), spec({}, [['b', 'v1']])), ['model: + b v1', 'model: − a v1']);
  assert.deepEqual(changes(spec(), spec({}, [], 'two')), ['code: a.py']);
  assert.deepEqual(changes(spec(), spec({}, [], 'three', 'c.py')), ['entrypoint: a.py → c.py', 'code: 3 files']);
  assert.deepEqual(changes(spec(), spec({ 'min-pods': 2 })), ['min-pods: 1 → 2']);
  assert.deepEqual(changes(spec({ 'min-pods': 2 }), spec()), ['min-pods: 2 → 1 (default)']);
  assert.deepEqual(changes(spec({ pip: ['numpy', 'scipy'] }), spec({ pip: ['numpy', 'pandas'] })), ['pip: + pandas, − scipy']);
  assert.deepEqual(changes(spec(), spec({ description: 'x'.repeat(80) })), [`description: none → ${'x'.repeat(39)}…`]);
  const python = (name: string): string => `/home/somebody/projects/some-project/${name}/bin/python`;
  assert.deepEqual(changes(spec({ python: python('old') }), spec({ python: python('new') })), [
    'python: …dy/projects/some-project/old/bin/python → …dy/projects/some-project/new/bin/python',
  ]);
  assert.deepEqual(changes(spec({ config: { values: { a: 1, b: [1] } } }), spec({ config: { values: { b: [2], c: 1 } } })), [
    'config: − a, ~ b, + c',
  ]);
});

test('no secret is told', () => {
  const before = spec({ env: { A: 'old-secret', B: 'b' }, pip: ['https://user:pass-one@index/x.whl'] });
  const after = spec({ env: { A: 'new-secret', C: 'c' }, pip: ['https://user:pass-two@index/x.whl', 'numpy'] });
  const told = changes(before, after);
  assert.equal(told[1], 'env: ~ A, − B, + C');
  assert.doesNotMatch(told.join(), /secret|pass/);
});
