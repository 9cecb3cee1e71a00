import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where state lies: `SPELL_HOME`, else the platform's data directory
 * (XDG Base Directory on Linux, Application Support on macOS, Local AppData on Windows).
 */
export function spellHome(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.SPELL_HOME) return env.SPELL_HOME;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'spell');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'spell');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'spell');
}

/** The files and folders of a home. One list, so that no two programs disagree. */
export function homeLayout(home: string): HomeLayout {
  return {
    home,
    /** As `spell status`; there while a control plane runs. */
    spelldFile: join(home, 'spelld.json'),
    tokenFile: join(home, 'token'),
    /** Locked by the control plane of this home for as long as it lives. */
    lock: join(home, 'lock.db'),
    database: join(home, 'state.db'),
    metrics: join(home, 'metrics.db'),
    contents: join(home, 'contents'),
    logs: join(home, 'logs'),
    spelldLog: join(home, 'logs', 'spelld.log'),
    gatewayLog: join(home, 'logs', 'gateway.log'),
    podLogs: join(home, 'logs', 'pods'),
    accessLog: join(home, 'logs', 'access.log'),
    certificate: join(home, 'tls', 'certificate.pem'),
    certificateKey: join(home, 'tls', 'key.pem'),
    platform: join(home, 'local'),
  };
}

export interface HomeLayout {
  home: string;
  spelldFile: string;
  tokenFile: string;
  lock: string;
  database: string;
  /** What model servers did lately. */
  metrics: string;
  contents: string;
  logs: string;
  spelldLog: string;
  gatewayLog: string;
  podLogs: string;
  /** Each request to the endpoint, where that is asked for. */
  accessLog: string;
  /** The endpoint's own certificate, where that is asked for, and its key. */
  certificate: string;
  certificateKey: string;
  platform: string;
}

/** Whether an entry of a home is Spell's state: what {@link homeLayout} lists, and the databases' journals, backups and damaged ones kept aside. */
export function isStateOfHome(entry: string): boolean {
  return /^((spelld\.json|token)(\.new)?|(state|lock|metrics)\.db.*|contents|logs|local|tls)$/.test(entry);
}
