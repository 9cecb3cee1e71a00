import type { ControlPlaneFacts, LanguageServerOptions } from '../../runtime/api/language-server.ts';
import type { Severity } from '../features/rules/rule.ts';
import type { Environment } from '../features/world/environment.ts';
import type { CommandServing, World } from '../features/world/world.ts';
import { Project } from '../parse/project/project.ts';
import { readEnvironment } from './environment.ts';
import { Files, type RecordingView } from './files.ts';
import { pathOfUri, uriOfPath } from './uris.ts';

/** What users may set (`spell.rules.…`). */
export interface LanguageServerSettings {
  /** A rule's code to `error`, `warning`, `information`, `hint` or `off`. */
  readonly severity: Readonly<Record<string, Severity | 'hint' | 'off'>>;
}

/** All that the server knows at a moment. Every change of it counts up `generation`. */
export class Workspace {
  readonly files = new Files();
  roots: readonly string[] = [];
  settings: LanguageServerSettings = { severity: {} };
  options: LanguageServerOptions = {};
  facts: ControlPlaneFacts = {};
  environment: Environment | undefined;
  /** Counts what is no file: facts, settings, the environment. */
  generation = 0;
  command: CommandServing | undefined;
  /** The files that a command checks; an editor has its open documents. */
  checked: readonly string[] = [];
  #environmentFor: string | undefined;

  setRoots(roots: readonly string[]): void {
    this.roots = roots;
    this.generation++;
  }

  setFacts(facts: ControlPlaneFacts | null): void {
    this.facts = facts ?? {};
    this.generation++;
  }

  setSettings(settings: LanguageServerSettings): void {
    this.settings = settings;
    this.generation++;
  }

  /** Reads another interpreter's packages. The last one asked for wins, whichever is read first. */
  async setPython(python: string | undefined): Promise<void> {
    this.#environmentFor = python;
    const environment = python === undefined ? undefined : await readEnvironment(python);
    if (this.#environmentFor !== python) return;
    this.environment = environment;
    this.generation++;
  }

  world(view: RecordingView): World {
    return {
      project: new Project(view),
      facts: this.facts,
      environment: this.environment,
      roots: this.roots,
      yamlElsewhere: this.options.yamlElsewhere === true,
      atHand: [...this.checked, ...this.files.documents.all().map((document) => document.path)],
      ...(this.command ? { command: this.command } : {}),
      uri: (path) => this.files.documents.get(path)?.uri ?? uriOfPath(path),
      path: pathOfUri,
    };
  }
}

/** The result of a feature, and what it depends on. */
export interface Settled<T> {
  readonly value: T;
  /** What was read, each with the state that was seen. */
  readonly states: ReadonlyMap<string, string>;
  readonly generation: number;
}

/** More rounds than any chain of imports needs; then the answer stands on what is known. */
const mostRounds = 40;

/**
 * Runs a feature on a world until everything that it asks for has been read. The last run sees one state of all files,
 * and nothing else happens while it runs. Undefined when `stop` says so between two runs.
 */
export async function settle<T>(
  workspace: Workspace,
  feature: (world: World) => T,
  stop: () => boolean = () => false,
): Promise<Settled<T> | undefined> {
  for (let round = 0; ; round++) {
    const view = workspace.files.view();
    const value = feature(workspace.world(view));
    if (view.wanted.size === 0 || round === mostRounds) {
      const states = new Map([...view.asked].map((key) => [key, workspace.files.state(key)]));
      return { value, states, generation: workspace.generation };
    }
    await workspace.files.disk.read(view.wanted);
    if (stop()) return undefined;
  }
}

/** Whether nothing that a result depends on has changed since. */
export function isCurrent(workspace: Workspace, settled: Settled<unknown>): boolean {
  if (settled.generation !== workspace.generation) return false;
  for (const [key, state] of settled.states) if (workspace.files.state(key) !== state) return false;
  return true;
}
