import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findingsIn } from '../testing/findings.ts';
import { readProject } from '../testing/fixture.ts';
import { fuzzing, sources } from '../testing/fuzzing.ts';
import { memoryWorld } from '../testing/memory-world.ts';
import { applied, Random, randomEdit } from '../testing/random.ts';
import { codeActions } from './actions/code-actions.ts';
import { codeLenses } from './code-lenses.ts';
import { completions } from './completion/complete.ts';
import { type Subject, subjectAt } from './diagnose.ts';
import { documentLinks } from './document-links.ts';
import { applyEdits } from './edits/apply-edits.ts';
import { hover } from './hover/hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { definition, prepareRename, references, rename } from './navigation/navigate.ts';
import { documentSymbols, foldingRanges } from './outline.ts';
import { signatureHelp } from './signature-help.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'predictors');
const projects = [
  'bert-qa',
  'batched-prepare',
  'tabular-pandas',
  'several-classes',
  'time-series',
  'recommender',
  'crlf-tabs',
  'comments-and-strings',
];
const support = { documentChanges: true, version: () => 1 };

/** Asks every feature at a place; none may throw. */
function askAll(subject: Subject, offset: number): void {
  const position = subject.lines.positionAt(offset);
  const range = { start: position, end: subject.lines.positionAt(offset + 20) };
  completions(subject, position, { snippets: true, yamlElsewhere: false });
  hover(subject, position);
  signatureHelp(subject, position);
  definition(subject, position);
  references(subject, position);
  prepareRename(subject, position);
  rename(subject, position, 'renamed', support);
  inlayHints(subject, range);
  codeLenses(subject);
  documentLinks(subject);
  documentSymbols(subject);
  foldingRanges(subject);
  codeActions(subject, { range, diagnostics: [], only: undefined }, support);
}

suite('whatever is typed', () => {
  test(`${fuzzing.edits} random edits of predictors, configs and spell.yaml: no exception, no place outside its file`, () => {
    const random = new Random(fuzzing.seed + 2);
    for (let edits = 0; edits < fuzzing.edits; ) {
      const project = random.pick(projects);
      const files = readProject(join(folder, project));
      for (let i = 0; i < 25 && edits < fuzzing.edits; i++, edits++) {
        const name = random.pick(Object.keys(files));
        const edit = randomEdit(random, files[name] ?? '');
        files[name] = applied(files[name] ?? '', edit);
        try {
          // Spans are checked inside; the edits of every fix must fit their files.
          for (const finding of findingsIn(files))
            for (const fix of finding.fixes?.() ?? [])
              for (const [path, own] of Map.groupBy(fix.edits, (each) => each.path))
                applyEdits(files[path.slice('/project/'.length)] ?? '', own);
          const subject = subjectAt(memoryWorld(files), `/project/${name}`);
          if (subject) askAll(subject, random.below(subject.text.length + 1));
        } catch (error) {
          throw new Error(`${project}/${name} (seed ${fuzzing.seed}, edit ${edits}): ${JSON.stringify(files[name])}`, { cause: error });
        }
      }
    }
  });

  test(`${fuzzing.truncations} files cut off somewhere: no exception, and nothing is said to be missing`, () => {
    const random = new Random(fuzzing.seed + 3);
    const files = sources();
    for (let i = 0; i < fuzzing.truncations; i++) {
      const path = random.pick(files);
      const whole = readFileSync(path, 'utf8');
      const text = whole.slice(0, random.below(whole.length + 1));
      const world = memoryWorld({ 'predictor.py': text });
      const subject = subjectAt(world, '/project/predictor.py');
      assert.ok(subject);
      askAll(subject, text.length);
    }
  });
});
