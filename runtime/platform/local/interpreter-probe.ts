import * as z from 'zod/mini';

/**
 * Run once by an interpreter to say what it is. Isolated from the caller's PYTHON* variables, but not from its own user
 * site: packages in it belong to "the interpreter with its packages". It must be valid in any Python 3 (and 2), so that
 * one that is too old says its version, not a syntax error. The last line of its output is the answer: a
 * `sitecustomize` may have printed others.
 */
export const interpreterProbe: string = `
import json, os, platform, site, sys, sysconfig
try:
    from importlib.util import find_spec
    has_venv = find_spec("venv") is not None
except Exception:
    has_venv = False
sites = list(getattr(site, "getsitepackages", lambda: [])())
if site.ENABLE_USER_SITE:
    sites.insert(0, site.getusersitepackages())
print("")
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "implementation": platform.python_implementation(),
    "executable": sys.executable,
    "baseExecutable": getattr(sys, "_base_executable", None) or sys.executable,
    "prefix": sys.prefix,
    "basePrefix": getattr(sys, "base_prefix", sys.prefix),
    "platform": sysconfig.get_platform(),
    "sites": [folder for folder in sites if os.path.isdir(folder)],
    "hasVenv": has_venv,
}))
`;

/** What an interpreter says of itself. */
export const interpreterFacts = z.object({
  version: z.tuple([z.int(), z.int(), z.int()]),
  implementation: z.string(),
  /** Its own path, which is not a version manager's shim. */
  executable: z.string(),
  /** That of the interpreter a virtual environment was made from; its own where it is none. */
  baseExecutable: z.string(),
  prefix: z.string(),
  basePrefix: z.string(),
  /** `linux-x86_64`, `macosx-11.0-arm64`. */
  platform: z.string(),
  /** Its site-packages, the user's first where they are on. */
  sites: z.array(z.string()),
  hasVenv: z.boolean(),
});
export type InterpreterFacts = z.infer<typeof interpreterFacts>;

/** `3.11.7`. */
export function versionText({ version }: InterpreterFacts): string {
  return version.join('.');
}

/** Whether it is a virtual environment. */
export function isVirtual({ prefix, basePrefix }: InterpreterFacts): boolean {
  return prefix !== basePrefix;
}
