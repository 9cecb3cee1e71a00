import type { Client } from '../api/http/client-types.ts';
import type { Terminal } from './terminal/terminal.ts';

/** Where the programs of this build lie, and the Node that runs them. */
export interface Programs {
  spelld: string;
  node: string;
}

/** All that a command knows of the world. Tests hand in another one. */
export interface Context {
  terminal: Terminal;
  /** `json`: one document on stdout and nothing else. */
  output: 'table' | 'json';
  /** What `--output` said, for commands that have more kinds of it. */
  format: string;
  /** The answer to every question is yes. */
  yes: boolean;
  owner: string;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** SPELL_HOME, absolute. */
  home: string;
  programs: Programs;
  controlPlane: ControlPlane;
  /** Aborted by Ctrl-C. Until a command listens to it, Ctrl-C ends the program at once. */
  interruption(): AbortSignal;
  /** Until what it returns is called, SIGINT and SIGTERM are told to `take` and end nothing by themselves. */
  takeSignals(take: (signal: NodeJS.Signals) => void): () => void;
}

/** The control plane of the context that was chosen. */
export interface ControlPlane {
  /** `local`, or the host that `SPELL_API_URL` names. */
  context: string;
  isLocal: boolean;
  /** A client; on this machine a control plane is started when none runs. The first call connects, the others return the same. */
  connect(): Promise<Client>;
  /** A client of what runs already. Rejects with `not-running`. */
  find(): Promise<Client>;
  /** A client of what comes back after it went away, which is never started by this. Rejects with `not-running` after a while. */
  awaitReturn(signal?: AbortSignal): Promise<Client>;
  /** A client of what answers now, after the one that was used went away; on this machine a control plane is started when none runs. */
  reconnect(): Promise<Client>;
  close(): void;
}
