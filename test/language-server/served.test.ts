import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { predictorRules } from '../../runtime/api/predictor-rules.ts';
import { root } from '../../scripts/root.ts';
import { ruleOf } from '../../server/features/rules/all-rules.ts';
import { readProject } from '../../server/testing/fixture.ts';
import { mutations } from '../../server/testing/mutations/all-mutations.ts';
import { mutate } from '../../server/testing/mutations/mutation.ts';
import { predict } from '../harness/endpoint.ts';
import { makeHome, type TestHome } from '../harness/home.ts';

/**
 * Predictors that the rules have nothing against, served by the real command, and the mistakes made in them that keep a
 * worker from starting: they fail there with the code that the editor shows.
 */
const fixtures = join(root, 'server', 'fixtures', 'predictors');

/** How each is served, what it is asked, and what it answers. */
const asked: Record<string, { serve: string[]; payload: unknown; headers?: Record<string, string>; answer: unknown }> = {
  echo: { serve: ['predictor.py'], payload: [1, { a: null }], answer: [1, { a: null }] },
  'auth-headers': {
    serve: ['predictor.py'],
    payload: { numbers: [1, 2] },
    headers: { authorization: 'Bearer secret', 'x-client': 'me' },
    answer: { sum: 3, client: 'me' },
  },
  decorators: { serve: ['predictor.py'], payload: [1, 2], answer: { items: 2, method: 'POST' } },
  'dataclass-payload': {
    serve: ['predictor.py'],
    payload: { customer: 'ada', lines: [{ sku: 'apple', quantity: 10 }], coupon: 'TEN' },
    answer: { customer: 'ada', total: 2.7 },
  },
  inheritance: { serve: ['--from-file', 'spell.yaml'], payload: { name: 'Ada' }, answer: { answer: 'BONJOUR, ADA' } },
  'star-imports': { serve: ['predictor.py'], payload: { text: ' A  b ' }, answer: { text: 'a b', query: {} } },
  'type-checking': { serve: ['predictor.py'], payload: { b: 1, a: 2 }, answer: { keys: ['a', 'b'] } },
  'text-classifier': { serve: ['predictor.py'], payload: { text: 'win money' }, answer: 'spam' },
  'static-and-class-methods': { serve: ['predictor.py'], payload: { text: 'abc' }, answer: { reversed: 'cba' } },
  'time-series': { serve: ['--from-file', 'spell.yaml'], payload: { history: [3], start: '2026-01-01T00:00:00' }, answer: 96 },
  'package-layout': { serve: ['--from-file', 'spell.yaml'], payload: { value: 4 }, answer: { doubled: 8 } },
  'batched-plain': { serve: ['--from-file', 'spell.yaml'], payload: { values: [1, 2] }, answer: { total: 6, padded: 2 } },
  'batched-generator': { serve: ['--from-file', 'spell.yaml'], payload: { by: 4 }, answer: { result: 25 } },
  'batched-prepare': {
    serve: ['--from-file', 'spell.yaml'],
    payload: { samples: 'AACAPwAAAMA=' },
    headers: { 'x-id': 'seven' },
    answer: { id: 'seven', peak: 2 },
  },
  'abstract-base': { serve: ['--from-file', 'spell.yaml'], payload: { features: [10, 0, 0] }, answer: { score: 1 } },
};

/** Answers that say more than a test wants to compare. */
function shortened(name: string, answer: unknown): unknown {
  if (name === 'time-series') return (answer as unknown[]).length;
  return name === 'text-classifier' ? (answer as { label: string }).label : answer;
}

const enforced = new Set(Object.keys(predictorRules).map((rule) => rule.split('/')[0]));
/** The config is read before anything is sent, so the command itself refuses it. */
const refusedBefore = new Set(['config-not-mapping']);
const served = mutations.filter(
  (mutation) =>
    mutation.project in asked &&
    enforced.has(mutation.code) &&
    !refusedBefore.has(mutation.code) &&
    mutation.changes.every(({ file }) => file.endsWith('.py') || file === 'config.yaml'),
);

suite('what the rules say, and what a model server does', () => {
  let home: TestHome;
  before(async () => {
    home = await makeHome();
  });
  after(() => home.close());

  for (const [name, { serve, payload, headers, answer }] of Object.entries(asked)) {
    test(`${name} is served as it is, and answers`, async () => {
      const folder = join(home.folder, name);
      await cp(join(fixtures, name), folder, { recursive: true });
      const url = (await home.ok(['server', 'serve', '--name', name, ...serve], { cwd: folder })).trim();
      const given = await predict(url, payload, headers);
      assert.equal(given.status, 200, given.text);
      assert.deepEqual(shortened(name, given.json()), answer);
      await home.ok(['server', 'rm', '--force', name]);
    });
  }

  test('there are mistakes to make in them', () => assert.ok(served.length >= 8));
  for (const [index, mutation] of served.entries()) {
    test(`${mutation.project}: ${mutation.code} fails the start, and an error is told before anything is sent`, async () => {
      const folder = join(home.folder, `mistake-${index}`);
      for (const [file, text] of Object.entries(mutate(readProject(join(fixtures, mutation.project)), mutation))) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), text);
      }
      const args = ['server', 'serve', '--name', `mistake-${index}`, ...(asked[mutation.project]?.serve ?? [])];
      if (ruleOf(mutation.code)?.severity === 'error') {
        const checked = await home.spell(args, { cwd: folder });
        assert.equal(checked.status, 1, checked.stderr);
        assert.match(checked.stderr, new RegExp(`^error: .*\\[${mutation.code}\\]`, 'm'));
        assert.match(checked.stderr, /^hint: .*--no-check/m);
      }
      const unchecked = await home.spell([...args, '--no-check'], { cwd: folder });
      assert.equal(unchecked.status, 1, unchecked.stderr);
      const { failure } = await home.json<{ failure: { code: string } }>(['server', 'describe', `mistake-${index}`]);
      assert.equal(failure.code, mutation.code);
      await home.ok(['server', 'rm', '--force', `mistake-${index}`]);
    });
  }
});
