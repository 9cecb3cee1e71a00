import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpellError } from '../../api/errors.ts';
import { type SettingKey, type Settings, settingKeys } from '../../api/settings.ts';
import { updateSaid } from './said.ts';

const code = { entrypoint: 'p.py', files: [] };
const values: Settings = {
  model: ['m'],
  classname: 'P',
  description: 'd',
  env: { A: '1' },
  pip: ['numpy'],
  'min-pods': 2,
  'num-processes': 3,
  'predict-timeout': 4,
  'cors-origins': ['*'],
  debug: true,
};
const others: Settings = { ...values, model: ['n', 'o'], env: { B: '2' }, pip: [], 'min-pods': 5, debug: false, description: '' };
const keys = Object.keys(values) as SettingKey[];

function subset(from: Settings, bits: number): Settings {
  return Object.fromEntries(Object.entries(from).filter((_, index) => (bits >> index) & 1)) as Settings;
}

test('for every mixture of what was said, is said and is unset: what is mentioned changes, whole, and the rest stays', () => {
  for (let round = 0; round < 2000; round++) {
    const [base, change, unsetBits] = [round * 7919, round * 104_729, round * 1_299_709].map((bits) => (bits ^ (bits >>> 5)) & 0x3ff) as [
      number,
      number,
      number,
    ];
    const before = { ...subset(values, base), entrypoint: 'p.py' };
    const settings = subset(others, change & ~unsetBits);
    const unset = keys.filter((_, index) => (unsetBits >> index) & 1);
    if (Object.keys(settings).length === 0 && unset.length === 0) continue;
    const after = updateSaid(before, { settings, unset }, 'a');
    for (const key of settingKeys) {
      if (key in settings) assert.deepEqual(after[key], settings[key], `${key} is said`);
      else if (unset.includes(key)) assert.equal(after[key], undefined, `${key} is unset`);
      else assert.deepEqual(after[key], before[key as keyof typeof before], `${key} stays`);
    }
    assert.deepEqual(updateSaid(after, { settings, unset }, 'a'), after, 'saying it again changes nothing');
  }
});

test('an update may say only code, or the name that it has', () => {
  assert.deepEqual(updateSaid({ entrypoint: 'old.py' }, { code }, 'a'), { entrypoint: 'p.py' });
  assert.deepEqual(updateSaid({ entrypoint: 'p.py' }, { settings: { 'server-name': 'a', debug: true } }, 'a'), {
    entrypoint: 'p.py',
    debug: true,
  });
});

test('what an update cannot say is refused', () => {
  const refused = (request: Parameters<typeof updateSaid>[1]): string => {
    try {
      updateSaid({ entrypoint: 'p.py' }, request, 'a');
      return 'accepted';
    } catch (error) {
      return `${(error as SpellError).code}: ${(error as SpellError).message}`;
    }
  };
  assert.match(refused({}), /^usage: the update says nothing/);
  assert.match(refused({ settings: {}, unset: [] }), /^usage/);
  assert.match(refused({ settings: { 'server-name': 'a' } }), /^usage/);
  assert.match(refused({ settings: { 'server-name': 'b' } }), /^bad-setting: the name of a model server stays/);
  assert.match(refused({ settings: { entrypoint: 'q.py' } }), /^bad-request: .*without code/);
  assert.match(refused({ unset: ['min-pod'] }), /^bad-setting: there is no setting "min-pod"/);
  assert.match(refused({ unset: ['entrypoint'] }), /^bad-setting: entrypoint has no default/);
  assert.match(refused({ settings: { debug: true }, unset: ['debug'] }), /^usage: --debug and --unset debug exclude each other/);
});
