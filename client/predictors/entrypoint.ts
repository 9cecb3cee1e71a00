import { dirname, resolve } from 'node:path';
import type * as vscode from 'vscode';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import type { SettingKey } from '../../runtime/api/settings.ts';
import type { FileTarget, SaidValues } from '../contributions.ts';

/** The absolute path of the entrypoint that was said; undefined when none was. */
export function entrypointOf({ entrypoint }: SaidSettings): string | undefined {
  return typeof entrypoint?.value === 'string' ? resolve(entrypoint.folder, entrypoint.value) : undefined;
}

/** A predictor's file as settings: it, and which class of it where that was said. */
export function saidByFile(file: string, classname?: string): SaidSettings {
  return saidByValues({ entrypoint: file, ...(classname === undefined ? {} : { classname }) }, dirname(file));
}

/** Values under the settings' own names, as a program gives them. Relative paths start at `folder`. */
export function saidByValues(values: SaidValues, folder: string): SaidSettings {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key as SettingKey, { value, where: key, folder }])) as SaidSettings;
}

/** The file that a command was called on: by the explorer or an editor's title, by a code lens, or the predictor that is open. */
export function fileOf(
  { Uri, window }: Pick<typeof vscode, 'Uri' | 'window'>,
  target: vscode.Uri | FileTarget | undefined,
): { file: string; classname?: string } | undefined {
  if (target instanceof Uri) return { file: target.fsPath };
  if (target) return { file: Uri.parse(target.uri).fsPath, ...(target.classname === undefined ? {} : { classname: target.classname }) };
  const open = window.activeTextEditor?.document;
  return open && isPredictor(open) && open.uri.scheme === 'file' ? { file: open.uri.fsPath } : undefined;
}

/** Whether a document extends the class that predictors extend, as far as its text tells. */
export function isPredictor(document: vscode.TextDocument): boolean {
  return document.languageId === 'python' && document.getText().includes('BasePredictor');
}
