import type * as vscode from 'vscode';
import type { Status } from '../runtime/api/objects.ts';

/*
 * Everything that `package.json` and the code hold on to together: ids of commands, views and settings, context keys.
 * `contributions.test.ts` holds the two against each other.
 */

/** A model server as programs name it; the nodes of the tree carry the same fields. */
export interface ModelServerTarget {
  owner: string;
  name: string;
}

/** A model, or one of its versions. */
export interface ModelTarget {
  model: string;
  version?: number;
}

/** `uploads/NAME`. */
export interface ResourceTarget {
  resource: string;
}

/** What a command is about, what may be answered beforehand, and what it returns when it was not cancelled. */
interface Shape<Target, Options, Result> {
  target: Target;
  options: Options;
  result: Result;
}

/** Every command, by its id. */
export interface Commands {
  'spell.controlPlane.start': Shape<never, object, Status>;
  'spell.controlPlane.showStatus': Shape<never, object, Status>;
  'spell.languageServer.restart': Shape<never, object, true>;
}

export type CommandId = keyof Commands;
export type CommandTarget<K extends CommandId> = Commands[K]['target'];
export type CommandOptions<K extends CommandId> = Commands[K]['options'];
/** Undefined when it was cancelled. */
export type CommandResult<K extends CommandId> = Commands[K]['result'] | undefined;

/** Views in the activity bar's container `spell`, and the log panel in the panel's container `spell-panel`. */
export const views = {
  models: 'spell.models',
  modelServers: 'spell.modelServers',
  resources: 'spell.resources',
} as const;
export type ViewName = keyof typeof views;

/** Every setting below `spell.`, with its type. */
export interface Settings {
  'controlPlane.home': string;
  'controlPlane.nodePath': string;
  'controlPlane.stopOnExit': boolean;
  'python.path': string;
  'rules.severity': Record<string, 'error' | 'warning' | 'information' | 'hint' | 'off'>;
}

/** The settings' names, for whoever walks them. */
export const settingNames = Object.keys({
  'controlPlane.home': true,
  'controlPlane.nodePath': true,
  'controlPlane.stopOnExit': true,
  'python.path': true,
  'rules.severity': true,
} satisfies Record<keyof Settings, true>) as (keyof Settings)[];

/** A setting as it applies to a resource, or to the window. Defaults stand in `package.json`. */
export function readSetting<K extends keyof Settings>(
  { workspace }: Pick<typeof vscode, 'workspace'>,
  name: K,
  scope?: vscode.Uri,
): Settings[K] {
  return workspace.getConfiguration('spell', scope).get<Settings[K]>(name) as Settings[K];
}

/** Every context key that our `when` clauses ask for, with the type of its value. */
export interface ContextKeys {
  /** `absent`, `starting`, `ready`, `lost` or `failed`. */
  'spell.controlPlane.state': string;
  /** `unread`, `reading`, `empty`, `filled` or `failed`. */
  'spell.models.state': string;
  'spell.modelServers.state': string;
  'spell.resources.state': string;
}

export const contextKeys = Object.keys({
  'spell.controlPlane.state': true,
  'spell.models.state': true,
  'spell.modelServers.state': true,
  'spell.resources.state': true,
} satisfies Record<keyof ContextKeys, true>) as (keyof ContextKeys)[];

export function setContextKey<K extends keyof ContextKeys>(
  { commands }: Pick<typeof vscode, 'commands'>,
  key: K,
  value: ContextKeys[K],
): void {
  void commands.executeCommand('setContext', key, value);
}

/** Runs one of our commands, as a keybinding or another command does. */
export async function runCommand<K extends CommandId>(
  { commands }: Pick<typeof vscode, 'commands'>,
  id: K,
  target?: CommandTarget<K>,
  options?: CommandOptions<K>,
): Promise<CommandResult<K>> {
  return commands.executeCommand<CommandResult<K>>(id, target, options);
}
