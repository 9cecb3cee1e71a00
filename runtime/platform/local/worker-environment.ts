import { delimiter, dirname } from 'node:path';
import { processMarks } from '../../api/processes.ts';

/**
 * The variables that a worker gets from the control plane's environment (documented in `docs/platforms.md`): what a
 * program needs to find itself on its machine, and nothing that happened to be set in the shell which started spelld.
 */
const passedOn: readonly RegExp[] = [
  /^(PATH|HOME|USER|LANG|LC_[A-Z]+|TZ|TMPDIR)$/,
  /^(https?|no|all|ftp)_proxy$/i,
  /^(LD_LIBRARY_PATH|CUDA_[A-Z0-9_]+)$/,
];

/** Without these no program starts on Windows. */
const passedOnWindows =
  /^(SystemRoot|SystemDrive|ComSpec|PATHEXT|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|USERNAME|NUMBER_OF_PROCESSORS)$/i;

/** What an installer may need beyond that: where its index is, which certificates it trusts, which compiler it calls. */
const passedOnToInstallers =
  /^(PIP_|UV_|SSL_CERT_|REQUESTS_CA_BUNDLE$|CURL_CA_BUNDLE$|NETRC$|XDG_|CC$|CXX$|[A-Z]+FLAGS$|PKG_CONFIG_PATH$|SSH_AUTH_SOCK$|GIT_)/;

/** The environment that every process of a home starts from. */
export function baseEnvironment(
  from: NodeJS.ProcessEnv,
  home: string,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const patterns = platform === 'win32' ? [...passedOn, passedOnWindows] : passedOn;
  return { ...pick(from, (name) => patterns.some((pattern) => pattern.test(name))), [processMarks.home]: home };
}

/** The environment of `pip` and `uv`. */
export function installerEnvironment(from: NodeJS.ProcessEnv, home: string): Record<string, string> {
  return { ...pick(from, (name) => passedOnToInstallers.test(name)), ...baseEnvironment(from, home) };
}

/**
 * The environment of a revision's workers: the base, the interpreter's own folder first on `PATH` when that is a
 * virtual environment (as after `activate`), and the settings' `env`, which cannot change what marks our processes.
 */
export function workerEnvironment(
  base: Record<string, string>,
  python: { executable: string; virtual: boolean },
  said: Record<string, string>,
): Record<string, string> {
  const path = python.virtual ? [dirname(python.executable), base.PATH].filter(Boolean).join(delimiter) : base.PATH;
  const marks = new Set<string>(Object.values(processMarks));
  const allowed = pick(said, (name) => !marks.has(name));
  return { ...base, ...(path === undefined ? {} : { PATH: path }), ...allowed };
}

function pick(from: NodeJS.ProcessEnv, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(from).flatMap(([name, value]) => (value !== undefined && wanted(name) ? [[name, value]] : [])));
}
