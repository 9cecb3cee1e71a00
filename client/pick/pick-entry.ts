import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import { type ListSetting, listOf } from '../../runtime/api/project/list-settings.ts';
import { answered } from '../commands/cancelled.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';

interface EntryQuestion {
  setting: ListSetting;
  title: string;
  /** What is said when the list is empty. */
  none: string;
  /** How an entry looks. */
  toItem(entry: string): vscode.QuickPickItem;
}

/** The entry of a list of a model server that somebody picks. Throws `not-found` where there is none. */
export async function pickEntry({ client, code }: Context, server: ModelServerTarget, question: EntryQuestion): Promise<string> {
  const { setting, title, none, toItem } = question;
  const list = listOf(await client.describeModelServer(server), setting);
  if (list.length === 0) throw new SpellError('not-found', none);
  const items = list.map((entry) => ({ ...toItem(entry), entry }));
  return (await answered(code.window.showQuickPick(items, { title, matchOnDescription: true }))).entry;
}
