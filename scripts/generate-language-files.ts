import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rulePages } from '../server/documentation/rule-pages.ts';
import { spellYamlSchema } from '../server/features/spell-yaml/schema.ts';
import { root } from './root.ts';

/** What is written from the rules and the table of settings: the rules' pages, and the schema of `spell.yaml`. */
export function languageFiles(): Map<string, string> {
  const files = new Map([...rulePages()].map(([name, text]) => [join('docs', 'rules', name), text]));
  files.set(join('schemas', 'spell.schema.json'), `${JSON.stringify(spellYamlSchema(), undefined, 2)}\n`);
  return files;
}

/** Files that are not what they should be: changed, missing, or of a rule that is gone. */
export async function outdatedLanguageFiles(): Promise<string[]> {
  const files = languageFiles();
  const outdated: string[] = [];
  for (const [path, text] of files) if ((await readFile(join(root, path), 'utf8').catch(() => undefined)) !== text) outdated.push(path);
  const pages = await readdir(join(root, 'docs', 'rules')).catch(() => []);
  return [...outdated, ...pages.map((name) => join('docs', 'rules', name)).filter((path) => !files.has(path))];
}

if (import.meta.main) {
  await rm(join(root, 'docs', 'rules'), { recursive: true, force: true });
  for (const [path, text] of languageFiles()) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
