import type * as vscode from 'vscode';
import type { Environment, ModelServer, ModelVersion, Resource, Status } from '../runtime/api/objects.ts';
import type { Said } from '../runtime/api/project/said.ts';
import type { SettingKey } from '../runtime/api/settings.ts';
import type { LogsTarget } from './logs/messages.ts';
import type { Template } from './predictors/templates.ts';

/*
 * Everything that `package.json` and the code hold on to together: ids of commands, views and settings, context keys.
 * `contributions.test.ts` holds the two against each other.
 */

/** A model server as programs name it; the nodes of the tree carry the same fields. */
export interface ModelServerTarget {
  owner: string;
  name: string;
}

/** A model server, or a file that it was served with: its predictor, a `spell.yaml`, its payload. */
export type ServerTarget = ModelServerTarget | vscode.Uri;

/** A model server to roll back, or the revision of it to go back to. */
export type RevisionTarget = ServerTarget | (ModelServerTarget & { revision: number });

/** A model server to take a mount from, or the one of its mounts: `RESOURCE[:PATH]`, as in its settings. */
export type MountTarget = ServerTarget | (ModelServerTarget & { mount: string });

/** A model server to take a model from, or the one of its models: `NAME:VERSION`. */
export type ServedModelTarget = ServerTarget | (ModelServerTarget & { served: string });

/** The log of a model server or of one of its pods, or of the model server that was served with a file. */
export type LogsAbout = LogsTarget | vscode.Uri;

/** One of the requests that were sent to a model server from this workspace, by its time; without, the one that somebody picks. */
export interface RequestTarget extends ModelServerTarget {
  at?: string;
}

/** A model, or one of its versions. */
export interface ModelTarget {
  model: string;
  version?: number;
}

/** `uploads/NAME` or `runs/N`. */
export interface ResourceTarget {
  resource: string;
}

/** A Python environment, by its id. */
export interface EnvironmentTarget {
  environment: string;
}

/** A predictor's file, as a code lens names it. */
export interface FileTarget {
  uri: string;
  classname?: string;
}

/** A module that is imported, the section of settings of the analyser that does not find it, and the URI of the file. */
export interface ImportTarget {
  module: string;
  section: string;
  uri: string;
}

/** Settings by their names in `spell.yaml`, as somebody would write them there. */
export type SaidValues = { [K in SettingKey]?: Said['value'] };

/** What the rules' mistakes mean: they refuse it (`true`, a program's default), nobody looks for them, or a person is asked (the default of a click). */
export interface CheckedOptions {
  check?: boolean | 'ask';
}

/**
 * Whether the old revision ends before the new one starts, with a gap in the answers: never (a program's default), always, or where both
 * have no room and a person who is asked then wants it (the default of a click).
 */
export interface RecreateOptions {
  recreate?: boolean | 'ask';
}

export interface ServeOptions extends CheckedOptions {
  /** Answers everything; paths start at the file's folder, else at the workspace's. */
  settings?: SaidValues;
}

export interface UpdateOptions extends CheckedOptions, RecreateOptions {
  /** What changes; nothing else does. */
  settings?: SaidValues;
  unset?: SettingKey[];
  /** The URI of the predictor's file: its code is taken again. */
  entrypoint?: string;
}

/** Whether what a command was called with is a model or one of its versions. */
export function isModelTarget(target: object | undefined): target is ModelTarget {
  return target !== undefined && 'model' in target;
}

export function isResourceTarget(target: object | undefined): target is ResourceTarget {
  return target !== undefined && 'resource' in target;
}

/** `confirmed`: nobody is asked whether it shall really be removed. */
export interface RemoveOptions {
  confirmed?: boolean;
  /** Of a resource: also while a model is made from it. */
  force?: boolean;
}

/** `confirmed`: nobody is asked whether they shall really be removed. */
export interface PruneOptions {
  confirmed?: boolean;
}

export interface StopOptions {
  confirmed?: boolean;
}

export interface ContextOptions {
  /** `local`, or the host that `SPELL_API_URL` names. */
  context?: string;
}

export interface RollbackOptions extends RecreateOptions {
  /** The revision. */
  to?: number;
}

export interface ScaleOptions extends RecreateOptions {
  /** The smallest number of them. */
  pods?: number;
  /** That, the largest number, and targets by the names that they have in `spell.yaml`. */
  settings?: Pick<SaidValues, 'min-pods' | 'max-pods' | 'target-requests-per-second' | 'target-cpu-utilization'>;
  /** What goes back to its default. */
  unset?: SettingKey[];
}

export interface MountsOptions extends RecreateOptions {
  /** To add: `RESOURCE[:PATH]`. To remove: that, a resource, or a place below `/mounts`. */
  mounts?: string[];
}

export interface ServedModelsOptions extends RecreateOptions {
  /** `NAME[:VERSION]`; without a version the newest is added, and the one that is there is removed. */
  models?: string[];
}

export interface UploadOptions {
  name?: string;
}

export interface DownloadOptions {
  /** Absolute. */
  folder?: string;
  overwrite?: boolean;
}

export interface ExportOptions {
  /** The file to write, absolute; one that is there is replaced. */
  file?: string;
}

export interface CreateModelOptions {
  name?: string;
  /** A name for the version, beside its number. */
  version?: string;
  /** What it is made from: `uploads/NAME`, … */
  resource?: string;
  /** … or a file or folder of this machine, which is uploaded. */
  path?: string;
  /** `PATH[:DEST]`, as after `--file` of the command. */
  files?: string[];
  description?: string;
}

/** With both, nothing is asked. */
export interface CreatePredictorOptions {
  template?: Template;
  /** Of its model server. */
  name?: string;
}

export interface SendOptions {
  /** What is sent, as JSON, instead of what the payload's document holds. */
  payload?: unknown;
}

/** What a model server answered to a request; errors too. */
export interface SentRequest {
  status: number;
  /** By their names in lower case. */
  headers: Record<string, string>;
  requestId: string | null;
  /** From the first byte sent to the last one received. */
  ms: number;
  /** Of the body, in bytes. */
  size: number;
  /** The body; null where it is not text. */
  body: string | null;
}

export interface SaveAnswerOptions {
  /** The URI of the file to write. */
  file?: vscode.Uri;
}

/** What `/health` answered. */
export interface Health {
  healthy: boolean;
  answer: string;
}

/** What a command is about, what may be answered beforehand, and what it returns when it was not cancelled. */
interface Shape<Target, Options, Result> {
  target: Target;
  options: Options;
  result: Result;
}

/** Every command, by its id. */
export interface Commands {
  'spell.controlPlane.collectDiagnostics': Shape<never, object, string>;
  'spell.controlPlane.replaceGateway': Shape<never, StopOptions, true>;
  'spell.controlPlane.showMenu': Shape<never, object, true>;
  'spell.controlPlane.start': Shape<never, object, Status>;
  'spell.controlPlane.switchContext': Shape<never, ContextOptions, string>;
  'spell.controlPlane.stop': Shape<never, StopOptions, boolean>;
  'spell.controlPlane.restart': Shape<never, object, Status>;
  'spell.controlPlane.showStatus': Shape<never, object, Status>;
  'spell.controlPlane.showLog': Shape<never, object, true>;
  'spell.environment.openDetails': Shape<EnvironmentTarget, object, vscode.Uri>;
  'spell.environment.prune': Shape<never, PruneOptions, Environment[]>;
  'spell.languageServer.restart': Shape<never, object, true>;
  'spell.logs.clear': Shape<never, object, true>;
  'spell.logs.export': Shape<never, ExportOptions, string>;
  'spell.logs.openInEditor': Shape<LogsAbout, object, vscode.Uri>;
  'spell.model.create': Shape<ResourceTarget | vscode.Uri, CreateModelOptions, ModelVersion>;
  'spell.model.createVersion': Shape<ModelTarget | ResourceTarget | vscode.Uri, CreateModelOptions, ModelVersion>;
  'spell.model.remove': Shape<ModelTarget, RemoveOptions, ModelTarget[]>;
  'spell.models.filter': Shape<never, object, true>;
  'spell.models.refresh': Shape<never, object, number>;
  'spell.modelServer.addModel': Shape<ServerTarget, ServedModelsOptions, ModelServer>;
  'spell.modelServer.addMount': Shape<ServerTarget, MountsOptions, ModelServer>;
  'spell.modelServer.copyCurl': Shape<RequestTarget | vscode.Uri, object, string>;
  'spell.modelServer.copyEndpoint': Shape<ServerTarget, object, string>;
  'spell.modelServer.healthcheck': Shape<ServerTarget, object, Health>;
  'spell.modelServer.openDetails': Shape<ServerTarget, object, vscode.Uri>;
  'spell.modelServer.remove': Shape<ServerTarget, RemoveOptions, ModelServerTarget[]>;
  'spell.modelServer.removeModel': Shape<ServedModelTarget, ServedModelsOptions, ModelServer>;
  'spell.modelServer.removeMount': Shape<MountTarget, MountsOptions, ModelServer>;
  'spell.modelServer.replayRequest': Shape<RequestTarget | vscode.Uri, object, SentRequest>;
  'spell.modelServer.rollback': Shape<RevisionTarget, RollbackOptions, ModelServer>;
  'spell.modelServer.saveAnswer': Shape<ServerTarget, SaveAnswerOptions, vscode.Uri>;
  'spell.modelServer.scale': Shape<ServerTarget, ScaleOptions, ModelServer>;
  'spell.modelServer.sendRequest': Shape<ServerTarget, SendOptions, SentRequest>;
  'spell.modelServer.serve': Shape<vscode.Uri | FileTarget, ServeOptions, ModelServer>;
  'spell.modelServer.serveFile': Shape<vscode.Uri | FileTarget, CheckedOptions & RecreateOptions, ModelServer>;
  'spell.modelServer.showLogs': Shape<LogsAbout, object, LogsTarget>;
  'spell.modelServer.start': Shape<ServerTarget, object, ModelServer[]>;
  'spell.modelServer.stop': Shape<ServerTarget, object, ModelServer[]>;
  'spell.modelServer.update': Shape<(ModelServerTarget & { entrypoint?: string }) | vscode.Uri, UpdateOptions, ModelServer>;
  'spell.modelServers.filter': Shape<never, object, true>;
  'spell.modelServers.refresh': Shape<never, object, number>;
  'spell.payload.send': Shape<never, object, SentRequest>;
  /** A folder, or a file in it. */
  'spell.predictor.create': Shape<vscode.Uri, CreatePredictorOptions, vscode.Uri>;
  'spell.predictor.openExample': Shape<never, object, vscode.Uri>;
  'spell.python.addImportPath': Shape<ImportTarget, object, string>;
  'spell.resource.download': Shape<ResourceTarget, DownloadOptions, string[]>;
  'spell.resource.remove': Shape<ResourceTarget, RemoveOptions, ResourceTarget[]>;
  'spell.resource.upload': Shape<vscode.Uri, UploadOptions, Resource>;
  'spell.run.createModel': Shape<ResourceTarget, CreateModelOptions, ModelVersion>;
  'spell.run.showLog': Shape<ResourceTarget, object, vscode.Uri>;
  'spell.resources.filter': Shape<never, object, true>;
  'spell.resources.refresh': Shape<never, object, number>;
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
  logs: 'spell.logs',
} as const;
/** The trees among them. */
export type ViewName = Exclude<keyof typeof views, 'logs'>;

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
  /** `absent`, `stopped`, `starting`, `ready`, `lost` or `failed`. */
  'spell.controlPlane.state': string;
  /** `unread`, `reading`, `empty`, `filled` or `failed`. */
  'spell.models.state': string;
  'spell.modelServers.state': string;
  'spell.resources.state': string;
  /** Whether a predictor's file is open. */
  'spell.predictor.open': boolean;
  /** Whether the payload of a predictor or model server is open. */
  'spell.payload.open': boolean;
  /** Whether the log panel shows a log. */
  'spell.logs.shown': boolean;
}

export const contextKeys = Object.keys({
  'spell.controlPlane.state': true,
  'spell.models.state': true,
  'spell.modelServers.state': true,
  'spell.resources.state': true,
  'spell.predictor.open': true,
  'spell.payload.open': true,
  'spell.logs.shown': true,
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
