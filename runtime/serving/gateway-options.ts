import type { CertificateFiles } from './front/tls/certificate-pair.ts';

/**
 * What the gateway's process is told, as one JSON document on its standard input, which is then closed.
 * It answers with one line of {@link GatewayReadiness} on file descriptor 3.
 *
 * Whoever starts it (the local platform) does so detached, in a session of its own: the gateway outlives its starter.
 */
export interface GatewayOptions {
  /** `SPELL_HOME`; every process that the gateway starts carries it in its environment. */
  home: string;
  version: string;
  /** Where the endpoint listens. A port of 0 means: any free one. */
  host: string;
  port: number;
  /** The files of the endpoint's certificate and its key, in PEM, which are followed; null: plain HTTP. */
  tls: CertificateFiles | null;
  /** Where every request to the endpoint is noted, a JSON object a line; null: nowhere. */
  accessLog: string | null;
  /** The Unix socket (or named pipe) of `admin.ts`. At most about 100 bytes: the system's limit for such paths. */
  adminSocket: string;
  /** Where pods' lines are kept: `<podLogs>/<owner>/<server>/<pod>.jsonl`. */
  podLogs: string;
  /** The gateway's own log. */
  logFile: string;
  /** How a control plane is started when the last one vanished; one that takes over says how it is (`admin.ts`). */
  controlPlane: ControlPlaneProgram;
}

/** How a control plane is started: detached, and inheriting nothing. */
export interface ControlPlaneProgram {
  /** The program and its arguments. Words that are absolute paths are files that it needs. */
  command: string[];
  env: Record<string, string>;
  cwd: string;
}

/**
 * `port-taken`: the endpoint's port is somebody else's; `bad-certificate`: what `tls` names cannot be used; `in-use`:
 * another gateway of this home is alive.
 */
export type GatewayReadiness =
  | { ready: { pid: number; url: string } }
  | { error: { code: GatewayErrorCode; message: string; hint: string } };

export type GatewayErrorCode = 'port-taken' | 'bad-certificate' | 'in-use' | 'start-failed';
