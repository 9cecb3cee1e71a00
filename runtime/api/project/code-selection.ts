import { basename, join, sep } from 'node:path';
import type { IgnoreRules } from './ignore-rules.ts';
import { exists } from './project-root.ts';
import type { Selection } from './walk.ts';

/** Never code of a predictor, whatever the ignore files say. What `spell.yaml` says travels as settings. */
const neverCode = new Set(['spell.yaml', '.git', '__pycache__', '.venv', 'node_modules', '.ipynb_checkpoints', '.spell']);

/** What makes a folder a Python environment: PEP 405's marker, and conda's. */
const environmentMarkers = ['pyvenv.cfg', 'conda-meta'];

/** A lock of Emacs: a link to nothing while a file has unsaved changes. */
const editorLock = /^\.#/;

export interface CodeSelectionOptions {
  /** Always taken, even where an ignore file says otherwise. */
  entrypoint?: string;
  /** A folder that is not part of the project although it lies in it: Spell's own state. */
  except: string | undefined;
}

/** What of a project travels with its predictor, or is saved of a run: everything but what is ignored, Python environments and caches. */
export function codeSelection(rules: IgnoreRules, options: CodeSelectionOptions): Selection {
  const { entrypoint, except } = options;
  return {
    async takes(path, kind) {
      if (path === entrypoint) return true;
      if (path === except) return false;
      const name = basename(path);
      if (neverCode.has(name) || editorLock.test(name)) return false;
      const leadsToEntrypoint = kind === 'folder' && entrypoint?.startsWith(join(path, sep));
      if (rules.ignores(path, kind === 'folder') && !leadsToEntrypoint) return false;
      return kind === 'file' || !(await isEnvironment(path));
    },
    async enter(folder) {
      return codeSelection(await rules.enter(folder), options);
    },
  };
}

async function isEnvironment(folder: string): Promise<boolean> {
  const found = await Promise.all(environmentMarkers.map((marker) => exists(join(folder, marker))));
  return found.includes(true);
}
