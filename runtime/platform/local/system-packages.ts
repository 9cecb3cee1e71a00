import { onPath } from './interpreters.ts';
import { PreparationError } from './preparation-error.ts';
import { runTool } from './tool.ts';

export interface SystemPackagesOptions {
  /** Where `dpkg-query` is run, and what it sees. */
  cwd: string;
  env: Record<string, string>;
}

/** The system packages of `apt`: on this machine they are looked for and never installed, which takes rights that are not ours to use. */
export class SystemPackages {
  readonly #options: SystemPackagesOptions;

  constructor(options: SystemPackagesOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all of them are installed. `wanted` are `NAME`, `NAME:ARCHITECTURE`, or either with `=VERSION`.
   * @throws PreparationError `apt-missing` with the command that installs them; `apt-unavailable` where there is no Debian's dpkg
   */
  async require(wanted: readonly string[], signal: AbortSignal): Promise<void> {
    if (wanted.length === 0) return;
    const { cwd, env } = this.#options;
    const query = await onPath(['dpkg-query'], env.PATH);
    if (query === undefined) throw unavailable(wanted, 'there is no dpkg-query on PATH');
    const lines: string[] = [];
    const command = [query, '--show', `--showformat=${format}`] as const;
    const end = await runTool({ command, cwd, env, signal, onLine: (line) => lines.push(line) });
    if (end.status !== 0) throw unavailable(wanted, `dpkg-query fails: ${end.lines.at(-1) ?? end.error?.message ?? 'it said nothing'}`);
    const missing = missingPackages(wanted, lines);
    if (missing.length === 0) return;
    const problems = missing.map(({ wanted: name, installed }) => (installed === null ? name : `${name} (${installed} is)`));
    throw new PreparationError({
      code: 'apt-missing',
      message: `${missing.length === 1 ? 'a system package is' : 'system packages are'} not installed: ${problems.join(', ')}`,
      hint: `install ${missing.length === 1 ? 'it' : 'them'}, then serve again: ${installCommand(missing)}`,
    });
  }
}

const fields = ['Package', 'Architecture', 'Version', 'db:Status-Status', 'Provides'];
const format = `${fields.map((field) => `\${${field}}`).join('\\t')}\\n`;

/** A package that is missing, and the version that is there in its place. */
export interface MissingPackage {
  wanted: string;
  installed: string | null;
}

/** Which packages are not among the installed ones, given as lines of dpkg-query, {@link fields} between tabs. What an installed one provides is there, too. Pure. */
export function missingPackages(wanted: readonly string[], lines: readonly string[]): MissingPackage[] {
  const versions = new Map<string, string[]>();
  const add = (name: string, version: string): void => void versions.set(name, [...(versions.get(name) ?? []), version]);
  for (const line of lines) {
    const [name = '', architecture = '', version = '', status, provides = ''] = line.split('\t');
    if (status !== 'installed') continue;
    for (const each of [name, `${name}:${architecture}`]) add(each, version);
    for (const [, virtual, provided] of provides.matchAll(/([^\s,(]+)(?:\s*\(=\s*([^)]+)\))?/g)) if (virtual) add(virtual, provided ?? '');
  }
  return wanted.flatMap((each) => {
    const [name = '', version] = each.split('=');
    const there = versions.get(name);
    if (there && (version === undefined || there.includes(version))) return [];
    return [{ wanted: each, installed: there?.[0] || null }];
  });
}

function installCommand(missing: readonly MissingPackage[]): string {
  const downgrades = missing.some(({ installed }) => installed !== null) ? ' --allow-downgrades' : '';
  return `sudo apt-get install --yes${downgrades} ${missing.map(({ wanted }) => wanted).join(' ')}`;
}

function unavailable(wanted: readonly string[], why: string): PreparationError {
  return new PreparationError({
    code: 'apt-unavailable',
    message: `the system packages ${wanted.join(', ')} cannot be looked for on this machine: ${why}`,
    hint: '`apt` is for Debian and Ubuntu: install here what they are called here, and leave `apt` out (--unset apt)',
  });
}
