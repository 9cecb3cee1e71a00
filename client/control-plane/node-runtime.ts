import { execFile } from 'node:child_process';
import { delimiter, isAbsolute, join } from 'node:path';
import { SpellError } from '../../runtime/api/errors.ts';

/** A program that runs `spelld`, and the variables it has to be started with. */
export interface NodeRuntime {
  node: string;
  env: Record<string, string>;
}

export interface RuntimeSources {
  /** `spell.controlPlane.nodePath`; empty when nobody chose. */
  chosen: string;
  path: string | undefined;
  /** What runs the extension host: the editor itself on a desktop, a Node on a server. */
  ownRuntime: string;
  platform: NodeJS.Platform;
  /** Whether a program can run a control plane, and why not. Starts it. */
  probe(runtime: NodeRuntime): Promise<ProbeResult>;
}

export type ProbeResult = { usable: true } | { usable: false; why: string };

/**
 * The Node for a control plane that has to be started: the chosen one and no other, else one on `PATH`, else the
 * editor's own runtime, whose file an update of the editor replaces: so nothing is remembered, and each start looks again.
 */
export async function chooseRuntime({ chosen, path, ownRuntime, platform, probe }: RuntimeSources): Promise<NodeRuntime> {
  if (chosen !== '') return refuseUnusable(chosen, probe);
  const name = platform === 'win32' ? 'node.exe' : 'node';
  const folders = (path ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const tried: string[] = [];
  const candidates: NodeRuntime[] = [
    ...[...new Set(folders)].map((folder) => ({ node: join(folder, name), env: {} })),
    { node: ownRuntime, env: { ELECTRON_RUN_AS_NODE: '1' } },
  ];
  for (const candidate of candidates) {
    const result = await probe(candidate);
    if (result.usable) return candidate;
    if (result.why !== '') tried.push(`${candidate.node}: ${result.why}`);
  }
  throw new SpellError(
    'start-failed',
    `there is no Node that can run the control plane (${tried.join('; ')})`,
    'install Node 22.16 or newer, or name one in the setting spell.controlPlane.nodePath',
  );
}

async function refuseUnusable(node: string, probe: RuntimeSources['probe']): Promise<NodeRuntime> {
  // Harmless for a Node, needed where somebody names the editor's own program.
  const runtime = { node, env: { ELECTRON_RUN_AS_NODE: '1' } };
  const result = await probe(runtime);
  if (result.usable) return runtime;
  throw new SpellError(
    'start-failed',
    `the setting spell.controlPlane.nodePath names ${node}, which cannot run the control plane: ${result.why || 'there is no such program'}`,
    'name a Node 22.16 or newer, or leave the setting empty',
  );
}

/** As `bin/node-choice.js`: the first Node with all that is used of `node:sqlite`. */
const oldest = [22, 16] as const;

const probeWithinMs = 10_000;
const question = "require('node:sqlite');process.stdout.write(process.versions.node)";

/** Asks a program to open `node:sqlite` and say its version. `why` is empty where there is no such program. */
export function probeRuntime({ node, env }: NodeRuntime): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, NODE_OPTIONS: '', ...env }, timeout: probeWithinMs, windowsHide: true };
    execFile(node, ['--disable-warning=ExperimentalWarning', '-e', question], options, (error, stdout) => {
      if (error) return resolve({ usable: false, why: error.code === 'ENOENT' ? '' : firstWords(error) });
      const [major = 0, minor = 0] = stdout.split('.').map(Number);
      const fresh = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
      resolve(fresh ? { usable: true } : { usable: false, why: `it is Node ${stdout}, and ${oldest.join('.')} is needed` });
    });
  });
}

/** What a person needs of a failed probe: not the whole stack that Node prints. */
function firstWords({ message, killed }: Error & { killed?: boolean }): string {
  if (killed) return `it did not answer within ${probeWithinMs / 1000} s`;
  return /(?:^|\n)(?:\w*Error[^\n]*)/.exec(message)?.[0].trim() ?? (message.split('\n')[0] as string);
}
