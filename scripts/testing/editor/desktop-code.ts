import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { root } from '../../root.ts';
import { MissingTool } from '../missing-tool.ts';

/**
 * The executable of a desktop build of VS Code: the one that `VSCODE_EXECUTABLE_PATH` names, else the release that
 * `VSCODE_VERSION` names (default: the latest stable one), which is downloaded once.
 */
export async function desktopCode(): Promise<string> {
  const named = process.env.VSCODE_EXECUTABLE_PATH;
  if (named) return named;
  const version = process.env.VSCODE_VERSION ?? 'stable';
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: join(root, '.cache', 'editor', 'desktop') });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MissingTool(`VS Code ${version} could not be downloaded (${reason}); VSCODE_EXECUTABLE_PATH can name one that is here`);
  }
}
