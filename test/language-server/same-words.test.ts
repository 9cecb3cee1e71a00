import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { after, test } from 'node:test';
import { predictorRules } from '../../runtime/api/predictor-rules.ts';
import { root } from '../../scripts/root.ts';
import { developmentPython } from '../../scripts/testing/development-python.ts';
import { subjectAt } from '../../server/features/diagnose.ts';
import { configOf } from '../../server/features/subjects/config-values.ts';
import { PredictorFile } from '../../server/features/subjects/predictor-file.ts';
import type { Serving } from '../../server/features/world/servings.ts';
import { plain } from '../../server/parse/yaml/yaml.ts';
import { findingsIn, type PlacedFinding } from '../../server/testing/findings.ts';
import { readProject } from '../../server/testing/fixture.ts';
import { memoryWorld } from '../../server/testing/memory-world.ts';
import { mutations } from '../../server/testing/mutations/all-mutations.ts';
import { mutate } from '../../server/testing/mutations/mutation.ts';
import { wantsIn } from '../../server/testing/wants.ts';

/**
 * The rules and the worker are two programs in two languages that say the same of a predictor: both are asked here about
 * every fixture, every golden pair and every mutation, and their codes and sentences are compared.
 */
const fixtures = join(root, 'server', 'fixtures');
const place = mkdtempSync(join(tmpdir(), 'spell-same-words-'));
after(() => rmSync(place, { recursive: true, force: true }));

/** Codes that both know; the worker has some more, for what only running shows. */
const shared = new Set(Object.keys(predictorRules).map((rule) => rule.split('/')[0] ?? rule));
const onlyRunning = new Set([
  'import-failed',
  'syntax-error',
  'init-failed',
  'missing-dependency',
  'method-not-callable',
  'paths-failed',
  'worker-failed',
]);

interface Failure {
  code: string;
  message: string;
  file: string | null;
  line: number | null;
}

interface Case {
  name: string;
  files: Record<string, string>;
  serving: Pick<Serving, 'classname' | 'batching'>;
  entrypoint: string;
  /** Nothing but the command line names it. */
  unnamed: boolean;
  config: unknown;
}

/** A project as it would be served by each document of its `spell.yaml`, or by naming `predictor.py`. */
function casesOf(name: string, files: Record<string, string>): Case[] {
  const entrypoint = ['predictor.py', ...Object.keys(files)].find((file) => file.endsWith('.py') && files[file]?.includes('BasePredictor'));
  const world = memoryWorld(files);
  const served = Object.keys(files).flatMap((file) => {
    const subject = subjectAt(world, `/project/${file}`);
    if (!(subject instanceof PredictorFile)) return [];
    return subject.servings.map((serving): Case => {
      const config = configOf(world, serving);
      return { name, files, serving, entrypoint: file, unnamed: false, config: config?.value ? plain(config.value) : null };
    });
  });
  if (served.length > 0 || entrypoint === undefined || 'spell.yaml' in files) return served;
  return [{ name, files, serving: { classname: undefined, batching: false }, entrypoint, unnamed: true, config: null }];
}

function allCases(): Case[] {
  const cases: Case[] = [];
  const predictors = join(fixtures, 'predictors');
  for (const name of readdirSync(predictors)) cases.push(...casesOf(name, readProject(join(predictors, name))));
  for (const mutation of mutations) {
    if (!shared.has(mutation.code)) continue;
    const files = mutate(readProject(join(predictors, mutation.project)), mutation);
    cases.push(...casesOf(`${mutation.project}, mutated for ${mutation.code}`, files));
  }
  for (const code of readdirSync(join(fixtures, 'rules')).filter((each) => shared.has(each))) {
    for (const entry of readdirSync(join(fixtures, 'rules', code), { withFileTypes: true })) {
      const path = join(fixtures, 'rules', code, entry.name);
      if (entry.name.includes('.golden.')) continue;
      const raw = entry.isDirectory() ? readProject(path) : { 'predictor.py': readFileSync(path, 'utf8') };
      const files = Object.entries(raw).filter(([file]) => !file.includes('.golden.'));
      cases.push(...casesOf(`${code}/${entry.name}`, Object.fromEntries(files.map(([file, text]) => [file, wantsIn(text, code).text]))));
    }
  }
  return cases;
}

/** What the worker says of each; undefined for what it could not load here, for want of a package. */
function askWorker(cases: readonly Case[]): (Failure | null | undefined)[] {
  const projects = cases.map(({ files, serving, entrypoint, config }, index) => {
    const folder = join(place, String(index));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    // The worker's root: the first folder upwards that is no package.
    let base = posix.dirname(entrypoint);
    while (base !== '.' && `${base}/__init__.py` in files) base = posix.dirname(base);
    return {
      root: join(folder, base),
      entrypoint: base === '.' ? entrypoint : entrypoint.slice(base.length + 1),
      classname: serving.classname ?? null,
      batched: serving.batching === true,
      config,
    };
  });
  const package_ = join(root, 'dist', 'python');
  const done = spawnSync(developmentPython(), [join(import.meta.dirname, 'worker_faults.py'), package_, join(package_, 'vendor')], {
    input: JSON.stringify(projects),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  assert.equal(done.status, 0, done.stderr);
  return (JSON.parse(done.stdout) as (Failure | null)[]).map((failure) => (failure && onlyRunning.has(failure.code) ? undefined : failure));
}

/** What the editor says, and `spell check` of a file that it is told to be served. */
function said({ files, entrypoint, unnamed }: Case): PlacedFinding[] {
  return findingsIn(files, unnamed ? { entrypoint } : {});
}

const cases = allCases();
let answers: (Failure | null | undefined)[] = [];

test(`the worker can be asked about most of ${cases.length} projects`, () => {
  answers = askWorker(cases);
  assert.deepEqual(
    answers.flatMap((answer, index) => (answer?.code === 'crash' ? [`${cases[index]?.name}: ${answer.message}`] : [])),
    [],
  );
  assert.ok(answers.filter((answer) => answer !== undefined).length > 80);
  assert.ok(answers.filter((answer) => answer).length > 40);
});

test('what keeps a worker from starting is an error in the editor, with the same code and words', () => {
  for (const [index, each] of cases.entries()) {
    const failure = answers[index];
    if (!failure) continue;
    const { name } = each;
    const found = said(each);
    const same = found.find((finding) => finding.code === failure.code && finding.message === failure.message);
    assert.ok(
      same,
      `${name}: the worker says ${failure.code}: ${failure.message}\nthe editor says\n${found.map((one) => `${one.code}: ${one.message}`).join('\n')}`,
    );
    assert.equal(same.severity, 'error');
  }
});

test('what is such an error in the editor keeps the worker from starting', () => {
  for (const [index, each] of cases.entries()) {
    const { name, entrypoint } = each;
    const failure = answers[index];
    if (failure === undefined) continue;
    const errors = said(each).filter(
      (finding) => finding.severity === 'error' && shared.has(finding.code) && !onlyRunning.has(finding.code),
    );
    // A file may be served in several ways, and a base may stand in another file: one of them fails.
    const own = errors.filter((finding) => finding.file === entrypoint || !finding.file.endsWith('.py'));
    const others = cases.some((other, at) => other.name === name && answers[at]);
    if (own.length > 0) assert.ok(failure || others, `${name}: the editor says ${own[0]?.code}: ${own[0]?.message}, but the worker starts`);
  }
});

test('no predictor that the editor has nothing against is refused', () => {
  for (const [index, { name }] of cases.entries()) {
    if (name.includes('mutated') || name.includes('/')) continue;
    assert.ok(!answers[index], `${name}: ${answers[index]?.message}`);
  }
});
