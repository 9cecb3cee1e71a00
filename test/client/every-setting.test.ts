import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type * as vscode from 'vscode';
import { Cancelled } from '../../client/commands/cancelled.ts';
import type { Context } from '../../client/context.ts';
import { Emitter } from '../../client/emitter.ts';
import { askSetting } from '../../client/wizard/ask-setting.ts';
import { type Draft, review } from '../../client/wizard/review.ts';
import { flagOf, type SettingKey, settingKeys, settings } from '../../runtime/api/settings.ts';
import { openApiDocument } from '../../runtime/control/http/openapi.ts';
import { root } from '../../scripts/root.ts';
import { spellYamlSchema } from '../../server/features/spell-yaml/schema.ts';

/** Every face that a setting has, so that none can be added to the table and be missing in one of them. */

/** Of an input of the editor, what somebody would see of it. */
interface Shown {
  prompt?: string;
  placeholder?: string;
  items?: readonly vscode.QuickPickItem[];
}

/** What somebody sees who is asked something and closes it at once. */
async function shownBy(ask: (context: Context) => Promise<unknown>): Promise<Shown[]> {
  const shown: Shown[] = [];
  const input = (): object => {
    const hidden = new Emitter<void>();
    const none = new Emitter<unknown>().event;
    const made: Shown & Record<string, unknown> = {
      onDidHide: hidden.event,
      ...{ onDidAccept: none, onDidTriggerButton: none, onDidChangeValue: none, onDidChangeSelection: none },
      show: () => {
        shown.push(made);
        hidden.fire();
      },
      dispose: () => {},
    };
    return made;
  };
  const window = { createQuickPick: input, createInputBox: input };
  const code = {
    window,
    workspace: { asRelativePath: (path: string) => path },
    l10n: { t: (text: string) => text },
    QuickInputButtons: { Back: {} },
    QuickPickItemKind: { Separator: -1 },
  };
  await assert.rejects(ask({ code } as unknown as Context), Cancelled);
  return shown;
}

const place = { title: 'Serve', step: 1, of: 1 };

async function rowsOf(draft: Draft): Promise<readonly vscode.QuickPickItem[]> {
  const [list] = await shownBy((context) => review(context, place, draft, () => []));
  return list?.items ?? [];
}

function helpOf(verb: 'serve' | 'update'): string {
  const { stdout } = spawnSync(process.execPath, [join(root, 'runtime/cli/main.ts'), 'server', verb, '--help'], { encoding: 'utf8' });
  return stdout;
}

describe('a setting of the table is everywhere: the one that is missing is named', () => {
  const missing = (known: (key: SettingKey) => boolean): SettingKey[] => settingKeys.filter((key) => !known(key));

  test('in the wizard, as a row that says what it means, and with a question that says it, too', async () => {
    const rows = await rowsOf({ said: {}, folder: root });
    // These two have steps of their own, and stand above what else can be set as soon as they are answered.
    const steps: SettingKey[] = ['server-name', 'entrypoint'];
    const said = Object.fromEntries(steps.map((key) => [key, { value: 'a', where: key, folder: root }]));
    const answered = await rowsOf({ said, folder: root });
    assert.deepEqual(
      missing((key) =>
        (steps.includes(key) ? answered : rows).some(
          ({ label, detail }) => label === key && (steps.includes(key) || detail === settings[key].doc),
        ),
      ),
      [],
    );
    for (const key of settingKeys) {
      const [question] = await shownBy((context) => askSetting(context, place, key, { now: undefined, folder: root }));
      assert.ok(`${question?.prompt ?? question?.placeholder}`.includes(settings[key].doc), key);
    }
  });

  test('in the schema of spell.yaml, with what it means', () => {
    const { properties } = spellYamlSchema() as { properties: Record<string, { description?: string }> };
    assert.deepEqual(
      missing((key) => (properties[key]?.description ?? '') !== ''),
      [],
    );
  });

  test('in the schema of the API', () => {
    const { components } = openApiDocument() as { components: { schemas: { Settings: { properties: Record<string, unknown> } } } };
    assert.deepEqual(
      missing((key) => key in components.schemas.Settings.properties),
      [],
    );
  });

  test('in the help of serve and update, as a flag', () => {
    for (const verb of ['serve', 'update'] as const) {
      const help = helpOf(verb);
      const isFlag = (key: SettingKey): boolean => new RegExp(`(^|\\s)${flagOf(key)}(\\s|$)`, 'm').test(help);
      assert.deepEqual(
        // A name stays what it is for good: update takes it as its argument.
        missing((key) => isFlag(key) || (verb === 'update' && key === 'server-name')),
        [],
        verb,
      );
    }
  });
});
