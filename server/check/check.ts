import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Range } from 'vscode-languageserver-types';
import { diagnose, type Subject, subjectAt } from '../features/diagnose.ts';
import type { Severity } from '../features/rules/rule.ts';
import { PredictorFile } from '../features/subjects/predictor-file.ts';
import { SpellYamlFile } from '../features/subjects/spell-yaml-file.ts';
import { isImported } from '../features/world/importers.ts';
import { toServing } from '../features/world/servings.ts';
import type { CommandServing } from '../features/world/world.ts';
import { spellYamlName } from '../parse/yaml/spell-yaml.ts';
import { settle, Workspace } from '../workspace/workspace.ts';

/** A diagnostic as `spell check` prints it: places are zero-based and in UTF-16, as in the protocol. */
export interface CheckedDiagnostic {
  /** Absolute. */
  readonly file: string;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
}

/** What to check. */
export interface CheckOptions {
  /** Predictor files, config files or `spell.yaml` files, absolute. */
  readonly files: readonly string[];
  /** The interpreter whose packages count; without, nothing is said about packages. */
  readonly python?: string;
  /** How the one file is served, when a command is about to. */
  readonly serving?: CommandServing;
}

/** Says what the rules say about files, and about all that a `spell.yaml` among them names. It reads files and runs nothing. */
export async function check({ files, python, serving }: CheckOptions): Promise<CheckedDiagnostic[]> {
  const workspace = new Workspace();
  workspace.roots = [];
  await workspace.setPython(python);
  workspace.command = serving;
  const all = await withNamed(workspace, files.map(portable));
  workspace.checked = all;
  const found: CheckedDiagnostic[] = [];
  for (const file of all) {
    workspace.command = serving ?? (await asEntrypoint(workspace, file));
    found.push(...(await checkOne(workspace, file)));
  }
  return found;
}

async function checkOne(workspace: Workspace, file: string): Promise<CheckedDiagnostic[]> {
  const settled = await settle(workspace, (world) => {
    const subject = subjectAt(world, file);
    return subject ? findings(subject) : [];
  });
  return settled?.value ?? [];
}

function findings(subject: Subject): CheckedDiagnostic[] {
  return diagnose(subject).map(({ code, severity, message, span }) => ({
    file: subject.path,
    code,
    severity,
    message,
    range: subject.lines.range(span),
  }));
}

/** The files with the entrypoints and configs that a `spell.yaml` among them names, each once. */
async function withNamed(workspace: Workspace, files: readonly string[]): Promise<string[]> {
  const all = new Set<string>();
  for (const file of files) {
    all.add(file);
    const named = await settle(workspace, (world) => {
      const subject = subjectAt(world, file);
      if (!(subject instanceof SpellYamlFile)) return [];
      return subject.servers.flatMap((server) => {
        const serving = toServing(subject.spellYaml, server);
        const config = serving?.config && !('inline' in serving.config) ? [serving.config.path] : [];
        return serving ? [serving.entrypoint, ...config] : [];
      });
    });
    for (const path of named?.value ?? []) if (await isFile(path)) all.add(path);
  }
  return [...all];
}

/**
 * A file with one predictor, which no other of the files imports, is taken for an entrypoint when it is checked by name:
 * so it is told what would keep it from starting. A helper or a base class beside it is not.
 */
async function asEntrypoint(workspace: Workspace, file: string): Promise<CommandServing | undefined> {
  const settled = await settle(workspace, (world) => {
    const subject = subjectAt(world, file);
    if (!(subject instanceof PredictorFile) || subject.predictors.length !== 1 || subject.maybePredictors.length > 0) return false;
    return !isImported(world, file);
  });
  return settled?.value ? { entrypoint: file } : undefined;
}

/** What is checked when no file is named: the `spell.yaml` of a folder. Undefined when there is none. */
export async function defaultFile(folder: string): Promise<string | undefined> {
  const file = join(folder, spellYamlName);
  return (await isFile(file)) ? file : undefined;
}

/** The environment that a command would choose for a file, as far as it can be known without running Python. */
export async function pythonFor(file: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const bin = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const candidates = [env.VIRTUAL_ENV, join(dirname(file), '.venv')].flatMap((folder) => (folder ? [resolve(folder, ...bin)] : []));
  for (const candidate of candidates) if (await isFile(candidate)) return candidate;
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function portable(path: string): string {
  return path.replaceAll('\\', '/').replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}
