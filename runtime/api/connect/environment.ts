import { processMarks } from '../processes.ts';

/**
 * The variables that a control plane is started with: what a program needs to find itself on its machine, and what
 * installers of Python packages need to reach their index. Nothing else of the shell that happened to start it comes
 * along, since it lives on when that shell is gone.
 */
const inherited: readonly RegExp[] = [
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|SPELL_DEBUG|SPELL_PATHS)$/,
  /^(https?|no|all|ftp)_proxy$/i,
  /^(LD_LIBRARY_PATH|DYLD_[A-Z_]+|CUDA_[A-Z0-9_]+)$/,
  /^(PIP_|UV_|GIT_|SSL_CERT_)/,
  /^(REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NETRC|SSH_AUTH_SOCK|CC|CXX|[A-Z]+FLAGS|PKG_CONFIG_PATH)$/,
];

/** Without these no program starts on Windows. */
const inheritedOnWindows =
  /^(SystemRoot|SystemDrive|ComSpec|Path|PATHEXT|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|USERNAME|NUMBER_OF_PROCESSORS)$/i;

/** The environment of a `spelld` of this home. */
export function controlPlaneEnvironment(
  from: NodeJS.ProcessEnv,
  home: string,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const patterns = platform === 'win32' ? [...inherited, inheritedOnWindows] : inherited;
  const kept = Object.entries(from).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && patterns.some((pattern) => pattern.test(entry[0])),
  );
  return { ...Object.fromEntries(kept), [processMarks.home]: home, [processMarks.program]: 'spelld' };
}
