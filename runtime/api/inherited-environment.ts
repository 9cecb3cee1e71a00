/** Whose environment: the control plane's, the gateway's beyond a predictor's, that of `pip`, `uv` and conda's tools, or a predictor's. */
export type Heir = 'spelld' | 'gateway' | 'installer' | 'worker';

/**
 * The variables that our processes inherit, and which of them (`docs/platforms.md`). Everything else of the shell that
 * happened to start the control plane stays behind: a control plane lives on when that shell is gone, and a predictor must
 * run the same whoever started it. What an installer or a worker gets, `spelld` gets too, since it is the one to pass it on.
 */
const table: readonly { for: readonly Heir[]; names: RegExp; on?: NodeJS.Platform }[] = [
  // What a program needs to find itself on its machine.
  { for: ['spelld', 'installer', 'worker'], names: /^(PATH|HOME|USER|LANG|LC_[A-Z]+|TZ|TMPDIR)$/ },
  { for: ['spelld', 'installer', 'worker'], names: /^(https?|no|all|ftp)_proxy$/i },
  { for: ['spelld', 'installer', 'worker'], names: /^(LD_LIBRARY_PATH|CUDA_[A-Z0-9_]+)$/ },
  // Without these no program starts.
  {
    for: ['spelld', 'installer', 'worker'],
    names: /^(SystemRoot|SystemDrive|ComSpec|Path|PATHEXT|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|USERNAME|NUMBER_OF_PROCESSORS)$/i,
    on: 'win32',
  },
  // Where packages come from, which certificates are trusted, which compiler is called.
  { for: ['spelld', 'installer'], names: /^(PIP_|UV_|GIT_|SSL_CERT_|XDG_)/ },
  {
    for: ['spelld', 'installer'],
    names: /^(REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NETRC|SSH_AUTH_SOCK|CC|CXX|[A-Z]+FLAGS|PKG_CONFIG_PATH)$/,
  },
  {
    for: ['spelld', 'installer'],
    names: /^(CONDARC|MAMBARC|MAMBA_ROOT_PREFIX|CONDA_(PKGS_DIRS|CHANNELS|SSL_VERIFY|SUBDIR|OVERRIDE_[A-Z]+))$/,
  },
  // What runs `spelld` may be the editor's own program, which is a Node only when it is told to be one.
  { for: ['spelld', 'gateway'], names: /^ELECTRON_RUN_AS_NODE$/ },
  // How the gateway keeps limits.
  { for: ['spelld', 'gateway'], names: /^SPELL_LIMITS$/ },
  { for: ['spelld'], names: /^(LOGNAME|DYLD_[A-Z_]+|SPELL_DEBUG|SPELL_PATHS)$/ },
];

/** The part of an environment that one of ours inherits. */
export function inheritedBy(heir: Heir, from: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Record<string, string> {
  const rows = table.filter((row) => row.for.includes(heir) && (row.on ?? platform) === platform);
  return Object.fromEntries(
    Object.entries(from).flatMap(([name, value]) =>
      value !== undefined && rows.some(({ names }) => names.test(name)) ? [[name, value]] : [],
    ),
  );
}
