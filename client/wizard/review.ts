import { isAbsolute } from 'node:path';
import type * as vscode from 'vscode';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import { type SettingKey, type SettingRow, settingKeys, settings } from '../../runtime/api/settings.ts';
import type { Context } from '../context.ts';
import { askSetting, settingText } from './ask-setting.ts';
import { askList, type Back, back, type Place } from './steps.ts';

/** What is being put together. Nothing of it was done yet. */
export interface Draft {
  said: SaidSettings;
  /** What relative paths start at. */
  folder: string;
  /** Of an update: what is set now, as `describe` shows it. */
  now?: Record<string, unknown>;
  /** Of an update: what goes back to its default. */
  unset?: Set<SettingKey>;
}

export interface ReviewAction extends vscode.QuickPickItem {
  action: string;
}

type Row = vscode.QuickPickItem & { key?: SettingKey; action?: string };

/**
 * The last step: everything that will be, each of it still to be changed, what else can be set, and what can be done with it.
 * Returns which action was chosen. `keys` are the settings that it is about.
 */
export async function review(
  context: Context,
  place: Place,
  draft: Draft,
  actions: () => readonly ReviewAction[],
  keys: readonly SettingKey[] = settingKeys,
): Promise<string | Back> {
  const { code } = context;
  const { l10n, QuickPickItemKind } = code;
  for (;;) {
    const title = (label: string): Row => ({ label, kind: QuickPickItemKind.Separator });
    const items: Row[] = [
      ...actions(),
      title(draft.now ? l10n.t('what changes') : l10n.t('what will be')),
      ...changed(draft).map((key) => ({ key, label: key, description: difference(context, draft, key) })),
      title(l10n.t('what else can be set')),
      ...open(draft, keys).map((key) => ({ key, label: key, description: shownNow(draft, key), detail: settings[key].doc })),
    ];
    const answer = await askList(code, place, { placeholder: l10n.t('Go on, or choose a setting to change it'), items });
    if (answer === back) return back;
    const [chosen] = answer;
    if (chosen?.action !== undefined) return chosen.action;
    if (chosen?.key !== undefined) await change(context, place, draft, chosen.key);
  }
}

/** The settings that a draft says something about, in the table's order. */
export function changed({ said, unset }: Draft): SettingKey[] {
  return settingKeys.filter((key) => said[key] !== undefined || unset?.has(key));
}

/** Those that it does not; the name and the file have steps of their own. */
function open(draft: Draft, keys: readonly SettingKey[]): SettingKey[] {
  const said = new Set(changed(draft));
  return keys.filter((key) => !said.has(key) && key !== 'server-name' && key !== 'entrypoint');
}

/** `old → new` where something is there already. */
function difference({ code }: Context, draft: Draft, key: SettingKey): string {
  const { l10n } = code;
  const next = draft.unset?.has(key) ? l10n.t('the default') : saidText(code, draft, key);
  return draft.now ? `${shownNow(draft, key) || l10n.t('not set')} → ${next}` : next;
}

/** A file of the workspace is named as people see it there. */
function saidText({ workspace }: typeof vscode, { said }: Draft, key: SettingKey): string {
  const row: SettingRow = settings[key];
  const value = said[key]?.value;
  return row.path && typeof value === 'string' && isAbsolute(value) ? workspace.asRelativePath(value) : settingText(value);
}

function shownNow({ now }: Draft, key: SettingKey): string {
  const row: SettingRow = settings[key];
  return settingText(now ? now[key] : row.default);
}

async function change(context: Context, { title, step, of }: Place, draft: Draft, key: SettingKey): Promise<void> {
  const now = draft.said[key]?.value ?? (key === 'env' ? '' : draft.now?.[key]);
  const answer = await askSetting(context, { title: `${title}: ${key}`, step, of }, key, { now, folder: draft.folder });
  if (answer === back) return;
  const { [key]: _, ...others } = draft.said;
  draft.unset?.delete(key);
  draft.said = answer.said ? { ...others, [key]: answer.said } : others;
  // Only what is set can go back to its default.
  if (!answer.said && draft.now?.[key] !== undefined) draft.unset?.add(key);
}
