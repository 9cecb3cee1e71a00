import type * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type CheckRequest,
  type ControlPlaneFacts,
  type EnvironmentFacts,
  type LanguageServerOptions,
  languageServerMethods,
  type Mistake,
  type Sample,
  type SampleRequest,
} from '../../runtime/api/language-server.ts';
import { Emitter, type Event } from '../emitter.ts';
import { watchInterpreter } from '../python/interpreter.ts';
import { documentSelector } from './documents.ts';
import { onFirstDocument } from './first-document.ts';
import { RestartPolicy } from './restart-policy.ts';

/** An extension that has our schema of `spell.yaml`, from `contributes.yamlValidation`. */
const yamlExtension = 'redhat.vscode-yaml';

/** The language server as the extension has it: started on first need, told what there is, started again when it ends. */
export class LanguageServer {
  readonly #code: typeof vscode;
  readonly #context: vscode.ExtensionContext;
  readonly #policy = new RestartPolicy(Date.now);
  readonly #wanted = new Emitter<void>();
  #starting: Promise<LanguageClient> | undefined;
  #facts: ControlPlaneFacts | null = null;
  #environment: EnvironmentFacts | null = null;
  #interpreter: vscode.Disposable | undefined;

  /** Fires with each start that somebody asks for, the first one and a restart: from then on there is somebody to tell. */
  readonly onWanted: Event<void> = this.#wanted.event;

  constructor(code: typeof vscode, context: vscode.ExtensionContext) {
    this.#code = code;
    this.#context = context;
  }

  /** Starts with the first document that it is about: one that is open already, opened later, or made such by what is typed. */
  register(): vscode.Disposable {
    // That it does not start is said by the protocol's client, with its output.
    const first = onFirstDocument(this.#code, () => void this.#start().catch(() => {}));
    return {
      dispose: () => {
        first.dispose();
        this.#interpreter?.dispose();
      },
    };
  }

  /** Ends what runs and starts anew. */
  async restart(): Promise<void> {
    this.#policy.forget();
    const running = await this.#starting?.catch(() => undefined);
    this.#starting = undefined;
    await running?.dispose();
    await this.#start();
  }

  /** Tells it all that a control plane has; null when there is none. */
  tellControlPlane(facts: ControlPlaneFacts | null): void {
    this.#facts = facts;
    void this.#notify(languageServerMethods.controlPlane, facts);
  }

  /** Asks the rules about a predictor that is about to be served, as the command does. Starts it first where it does not run. */
  async check(request: CheckRequest): Promise<Mistake[]> {
    const client = await this.#start();
    return client.sendRequest<Mistake[]>(languageServerMethods.check, request);
  }

  /** A payload to begin with, by what the predictor's code says; undefined where it says nothing. Starts it first where it does not run. */
  async samplePayload(request: SampleRequest): Promise<unknown> {
    const client = await this.#start();
    return (await client.sendRequest<Sample | null>(languageServerMethods.samplePayload, request))?.payload;
  }

  /** Ends it. VS Code waits for this when it deactivates the extension. */
  async stop(): Promise<void> {
    const running = await this.#starting?.catch(() => undefined);
    await running?.dispose();
  }

  #tellEnvironment(environment: EnvironmentFacts | null): void {
    this.#environment = environment;
    void this.#notify(languageServerMethods.environment, environment);
  }

  async #notify(method: string, params: object | null): Promise<void> {
    const client = await this.#starting?.catch(() => undefined);
    if (client?.isRunning()) await client.sendNotification(method, params);
  }

  #start(): Promise<LanguageClient> {
    if (!this.#starting) {
      this.#starting = this.#launch();
      // Not before: the extension that is asked would be started for it.
      this.#interpreter ??= watchInterpreter(this.#code, (python) => this.#tellEnvironment(python === undefined ? null : { python }));
      this.#wanted.fire();
    }
    return this.#starting;
  }

  async #launch(): Promise<LanguageClient> {
    // Some 400 kB that nobody pays for who never opens a document of ours.
    const { CloseAction, ErrorAction, LanguageClient, TransportKind } = await import('vscode-languageclient/node');
    const { extensions, l10n, Uri, workspace } = this.#code;
    const { extensionUri } = this.#context;
    // Asked for at each start: one that comes back by itself is told what there is now.
    const options = (): LanguageServerOptions => ({
      rulePages: `${Uri.joinPath(extensionUri, 'docs', 'rules').toString()}/`,
      yamlElsewhere: extensions.getExtension(yamlExtension) !== undefined,
      commands: true,
      controlPlane: this.#facts,
      environment: this.#environment,
    });
    const module = Uri.joinPath(extensionUri, 'dist', 'language-server.js').fsPath;
    const client = new LanguageClient(
      'spell.languageServer',
      l10n.t('Spell language server'),
      { module, transport: TransportKind.ipc },
      {
        documentSelector: documentSelector(workspace.workspaceFolders),
        initializationOptions: options,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue }),
          closed: () => {
            if (this.#policy.ended() === 'restart') return { action: CloseAction.Restart, handled: true };
            void this.#sayGivenUp();
            return { action: CloseAction.DoNotRestart, handled: true };
          },
        },
      },
    );
    await client.start();
    return client;
  }

  /** Its ends are in its output; one more start is a person's to ask for. */
  async #sayGivenUp(): Promise<void> {
    const { l10n, window } = this.#code;
    const again = l10n.t('Restart');
    const chosen = await window.showWarningMessage(
      l10n.t('The Spell language server has ended several times and was not started again.'),
      again,
    );
    if (chosen === again) await this.restart();
  }
}
