import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { predictorRules } from '../runtime/api/predictor-rules.ts';
import { root } from './root.ts';

/** Where the worker's copy of `runtime/api/predictor-rules.ts` stands. */
export const rulesFile: string = join(root, 'runtime', 'python', 'spell', 'worker', 'rules.py');

/** The text of that copy. */
export function rulesModule(): string {
  const entries = Object.entries(predictorRules).map(
    ([code, { message, hint }]) => `    ${quoted(code)}: (\n        ${quoted(message)},\n        ${quoted(hint)},\n    ),\n`,
  );
  return [
    '"""Why a predictor cannot start: code -> (message, hint). Written by scripts/generate-rules.ts; do not edit."""\n',
    '\n# ruff: noqa: E501\n',
    '\nfrom typing import Final\n',
    `\nRULES: Final[dict[str, tuple[str, str]]] = {\n${entries.join('')}}\n`,
  ].join('');
}

/** A JSON string is a Python string, too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Whether the copy is what it should be. */
export async function rulesAreCurrent(): Promise<boolean> {
  return (await readFile(rulesFile, 'utf8')) === rulesModule();
}

if (import.meta.main) await writeFile(rulesFile, rulesModule());
