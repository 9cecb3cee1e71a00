import { stat } from 'node:fs/promises';
import type { Range } from 'vscode-languageserver-types';
import { diagnose, type Subject, subjectAt } from '../features/diagnose.ts';
import type { Severity } from '../features/rules/rule.ts';
import { PredictorFile } from '../features/subjects/predictor-file.ts';
import { SpellYamlFile } from '../features/subjects/spell-yaml-file.ts';
import { isImported } from '../features/world/importers.ts';
import { toServing } from '../features/world/servings.ts';
import type { CommandServing } from '../features/world/world.ts';
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

/** What the rules say, and where their silence says nothing. */
export interface Checked {
  readonly diagnostics: readonly CheckedDiagnostic[];
  /** Why nothing, or not all, was said of a file. */
  readonly unchecked: readonly { readonly file: string; readonly why: string }[];
}

/** Says what the rules say about files, and about all that a `spell.yaml` among them names. It reads files and runs nothing. */
export async function check({ files, python, serving }: CheckOptions): Promise<Checked> {
  const workspace = new Workspace();
  workspace.roots = [];
  await workspace.setPython(python);
  workspace.command = serving;
  const all = await withNamed(workspace, files.map(portable));
  workspace.checked = all;
  const diagnostics: CheckedDiagnostic[] = [];
  const unchecked: { file: string; why: string }[] = [];
  for (const file of all) {
    workspace.command = serving ?? (await asEntrypoint(workspace, file));
    const settled = await settle(workspace, (world) => {
      const subject = subjectAt(world, file);
      return { found: subject ? findings(subject) : [], silence: silenceAbout(subject) };
    });
    if (!settled) continue;
    diagnostics.push(...settled.value.found);
    if (settled.value.silence !== undefined) unchecked.push({ file, why: settled.value.silence });
  }
  return { diagnostics, unchecked };
}

/** Why the rules have nothing to say of a file, or not all. */
function silenceAbout(subject: Subject | undefined): string | undefined {
  if (!subject) return 'no spell.yaml around it names it, so nobody knows what it configures';
  if (subject instanceof SpellYamlFile)
    return subject.servers.length > 0 || subject.yaml.problems.length > 0 ? undefined : 'no model server in it';
  if (!(subject instanceof PredictorFile)) return undefined;
  const [problem] = subject.file.problems;
  if (problem)
    return `line ${subject.lines.lineAt(problem.from) + 1} is not understood as Python, and the rules are silent about what it may hide`;
  return subject.predictors.length > 0 || subject.isEntrypoint ? undefined : 'no predictor in it';
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

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function portable(path: string): string {
  return path.replaceAll('\\', '/').replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}
