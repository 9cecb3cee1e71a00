import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import type { CommandId, CommandTarget, ModelTarget, ResourceTarget } from '../../../client/contributions.ts';
import { spellStub } from '../../harness/home.ts';
import { keepEvidenceOfFailures } from './workbench/evidence.ts';
import type { QuickInput } from './workbench/quick-input.ts';
import { openWorkbench, type Workbench } from './workbench/workbench.ts';

/** The commands that can be called with a model, an upload or a run. */
type OfThings = {
  [K in CommandId]: ModelTarget extends CommandTarget<K> ? K : ResourceTarget extends CommandTarget<K> ? K : never;
}[CommandId];

interface Expected {
  /** Its title in the palette, and in the tree's menu. */
  title: string;
  /** What it is called with, by its node's name in the tree and in the picker. */
  of: 'words' | 'uploads/words' | 'runs/1';
  /** The title of the picker that asks for it. */
  asks: string;
  /** The title of the picker that asks further, and what is chosen there: what a program or the tree has said. */
  further?: { asks: string; chosen: RegExp };
  /** What the picker leaves out, as the tree's menu does. */
  not?: string;
  /** Waits for what comes of it, and leaves all as it was. */
  leadsTo(): Promise<void>;
}

suite('a command for a model, an upload or a run does the same from wherever it is called', () => {
  let workbench: Workbench;
  let quick: QuickInput;

  before(async () => {
    workbench = await openWorkbench({ workspace: 'test/editor/fixtures/predictor' });
    quick = workbench.quick;
    const { workspace, home } = workbench.window.place;
    await writeFile(join(workspace, 'words.txt'), 'loud\n');
    const spell = (...args: string[]): Promise<unknown> =>
      promisify(execFile)(process.execPath, [spellStub, ...args], { cwd: workspace, env: { ...process.env, SPELL_HOME: home } });
    await spell('upload', 'words.txt', '--name', 'words');
    for (const _ of ['v1', 'v2']) await spell('model', 'create', 'words', 'uploads/words');
    await spell('run', '--name', 'louder', '--', 'sh', '-c', 'mkdir out; echo a > out/a; echo b > out/b');
    await spell('run', '--name', 'nothing', '--', 'true');
    await workbench.openContainer('Spell');
    await workbench.treeItem(/^runs\/2, run/).waitFor();
  });
  after(() => workbench?.close());
  keepEvidenceOfFailures(() => workbench);

  const table: Record<OfThings, Expected> = {
    'spell.model.create': {
      title: 'Create Model…',
      of: 'uploads/words',
      asks: 'Create a model',
      not: 'runs/2',
      leadsTo: async () => {
        await quick.says('A name for the model');
        assert.equal(await quick.value, 'words');
        await quick.cancel();
      },
    },
    'spell.model.createVersion': {
      title: 'Create Model Version…',
      of: 'words',
      asks: 'Create a version of',
      leadsTo: () => asked('Create a version of words'),
    },
    'spell.model.remove': {
      title: 'Remove Model or Version…',
      of: 'words',
      asks: 'Remove a model or a version',
      further: { asks: 'Remove words', chosen: /^All 2 versions/ },
      leadsTo: () => refuse('Remove the model words?'),
    },
    'spell.run.createModel': {
      title: 'Create Model from Run…',
      of: 'runs/1',
      asks: 'Create a model from a run',
      not: 'runs/2',
      leadsTo: () => asked('Create a model from runs/1'),
    },
    'spell.run.showLog': {
      title: 'Show Run Log',
      of: 'runs/1',
      asks: 'Show the log of a run',
      leadsTo: () => workbench.tab('runs-1.spell-log').waitFor(),
    },
    'spell.resource.download': {
      title: 'Download…',
      of: 'uploads/words',
      asks: 'Download an upload or a run',
      not: 'runs/2',
      leadsTo: async () => {
        await quick.widget.getByText('Download Here').waitFor();
        await quick.cancel();
      },
    },
    'spell.resource.remove': {
      title: 'Remove Upload or Run…',
      of: 'runs/1',
      asks: 'Remove an upload or a run',
      leadsTo: () => refuse('Remove runs/1?'),
    },
  };

  const targetOf = (of: Expected['of']): ModelTarget | ResourceTarget => (of === 'words' ? { model: of } : { resource: of });
  const nodeOf = (of: Expected['of']): RegExp => (of === 'words' ? /^words, model,/ : new RegExp(`^${of}, (upload|run),`));

  async function asked(title: string): Promise<void> {
    await quick.titled(title);
    await quick.cancel();
  }

  async function refuse(question: string): Promise<void> {
    const dialog = workbench.dialog(question);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Calls every command in one way, each on a tidy window. */
  async function callEach(call: (id: string, expected: Expected) => Promise<void>): Promise<void> {
    for (const [id, expected] of Object.entries(table)) {
      await workbench.invoke({ command: 'workbench.action.closeAllEditors' });
      await call(id, expected);
      await assert.doesNotReject(expected.leadsTo(), id);
    }
  }

  // What a command returns in the end is not waited for: most ask first.
  test('by a program, with what it is about', () =>
    callEach(async (id, { of }) => void workbench.invoke({ command: id, args: [targetOf(of)] }).catch(() => {})));

  test('from the palette, which asks what it is about, and only for what it can be about', () =>
    callEach(async (_, { title, asks, of, further, not }) => {
      await workbench.palette(`Spell: ${title}`);
      await quick.titled(asks);
      const row = quick.row(new RegExp(`^${of}(,|$)`));
      await row.waitFor();
      if (not !== undefined)
        assert.deepEqual(
          (await quick.rows()).filter((each) => each.startsWith(not)),
          [],
        );
      await row.click();
      if (!further) return;
      await quick.titled(further.asks);
      await quick.row(further.chosen).click();
    }));

  test("from the menu of the tree's node", () =>
    callEach(async (_, { title, of }) => workbench.contextMenu(workbench.treeItem(nodeOf(of)), title)));
});
