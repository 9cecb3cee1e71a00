import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './root.ts';

/** A text that is given to the editor to be translated. */
export interface Translatable {
  /** As it stands in the code; undefined where the code computes it, so that nobody could translate it. */
  text: string | undefined;
  /** `client/….ts:12`. */
  where: string;
}

/** A literal after `l10n.t(`; a template only without replacements. */
const literal = /^\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.)*)`)/;

/**
 * The texts of the extension. `@vscode/l10n-dev` only sees those that a file takes from an import of `vscode`; ours come from the
 * editor's API as a value, which is handed in.
 */
export async function translatables(): Promise<Translatable[]> {
  const found: Translatable[] = [];
  for await (const file of glob('client/**/*.ts', { cwd: root, exclude: (name) => name.endsWith('.test.ts') || name === 'node_modules' })) {
    if (file.endsWith('.test.ts')) continue;
    found.push(...textsIn(await readFile(join(root, file), 'utf8'), file.replaceAll('\\', '/')));
  }
  return found;
}

/** The texts of one file, in their order. */
export function textsIn(source: string, file: string): Translatable[] {
  return [...source.matchAll(/\bl10n\.t\(/g)].map(({ index, 0: call }) => {
    const written = literal.exec(source.slice(index + call.length));
    const raw = written?.[1] ?? written?.[2] ?? written?.[3];
    return { text: raw === undefined ? undefined : unescaped(raw), where: `${file}:${source.slice(0, index).split('\n').length}` };
  });
}

/** What a literal's characters mean. */
function unescaped(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (char === 'n' ? '\n' : char === 't' ? '\t' : char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Writes `bundle.l10n.json` into a folder: every text under itself, as translators begin with it. */
export async function writeL10nBundle(folder: string): Promise<void> {
  const texts = (await translatables()).flatMap(({ text }) => text ?? []);
  const bundle = Object.fromEntries([...new Set(texts)].sort().map((text) => [text, text]));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bundle.l10n.json'), `${JSON.stringify(bundle, null, 2)}\n`);
}
