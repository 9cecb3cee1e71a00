import type { ControlPlaneFacts } from '../../../runtime/api/language-server.ts';
import type { Span } from '../../parse/text/span.ts';
import type { ConfigFile } from '../subjects/config-file.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { SpellYamlFile } from '../subjects/spell-yaml-file.ts';
import type { Environment } from '../world/environment.ts';

/**
 * `error`: the model server would not start, or would answer wrongly. `warning`: it works, and hurts.
 * `information`: worth knowing.
 */
export type Severity = 'error' | 'warning' | 'information';

/** A change to one file. A span from the end of a text to itself appends. */
export interface Edit {
  readonly path: string;
  readonly span: Span;
  readonly text: string;
}

/** What makes a finding go away. */
export interface Fix {
  /** As the editor's menu shows it. */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Files to make, before the edits. */
  readonly creates?: readonly { readonly path: string; readonly text: string }[];
  /** It is what nearly everybody wants; "fix all" takes it. */
  readonly preferred?: boolean;
}

/** Another place that belongs to a finding. */
export interface Related {
  readonly path: string;
  readonly span: Span;
  readonly message: string;
}

/** What a rule found. */
export interface Report {
  readonly span: Span;
  readonly message: string;
  readonly related?: readonly Related[];
  /** Worked out only when somebody asks for it. */
  readonly fixes?: () => readonly Fix[];
}

/** A report with the rule that made it. */
export interface Finding extends Report {
  readonly code: string;
  readonly severity: Severity;
}

/** A file of an example, when one is not enough. Keys are paths in the example's project. */
export type ExampleFiles = Readonly<Record<string, string>>;

/** What lies outside the files: what the control plane has, which Python packages there are. */
export interface Told {
  readonly facts?: ControlPlaneFacts;
  readonly environment?: Environment;
}

/** A rule's documentation. Its examples are tests: `bad` gets exactly this rule's findings, `good` none at all. */
export interface Page {
  /** One sentence: what is reported. */
  readonly what: string;
  /** What happens when it is served nevertheless. */
  readonly why: string;
  readonly bad: string | ExampleFiles;
  readonly good: string | ExampleFiles;
  /** What the editor would have told for the examples. */
  readonly told?: Told;
  /** When it is fine, for rules that people may want to silence. */
  readonly fine?: string;
}

interface Common {
  readonly code: string;
  readonly severity: Severity;
  readonly page: Page;
  /** What it says depends on more than the project's files, so that a comment which silences it may look unused. */
  readonly dependsOnContext?: boolean;
}

/** A rule about predictor files. */
export interface PredictorRule extends Common {
  readonly subject: 'predictor';
  check(file: PredictorFile): Iterable<Report>;
}

/** A rule about the config files that something names. */
export interface ConfigRule extends Common {
  readonly subject: 'config';
  check(file: ConfigFile): Iterable<Report>;
}

/** A rule about `spell.yaml`. */
export interface SpellYamlRule extends Common {
  readonly subject: 'spell.yaml';
  check(file: SpellYamlFile): Iterable<Report>;
}

/** A rule about everything that is written in YAML or JSON. */
export interface YamlRule extends Common {
  readonly subject: 'yaml';
  check(file: ConfigFile | SpellYamlFile): Iterable<Report>;
}

export type Rule = YamlRule | PredictorRule | ConfigRule | SpellYamlRule;
