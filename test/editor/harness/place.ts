import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/root.ts';
import { processesOfHome } from '../../harness/processes.ts';
import { userSettings } from './user-settings.ts';

/** The temporary folder of one window, with everything that an editor would otherwise keep among a person's own files. */
export interface Place {
  folder: string;
  userData: string;
  extensions: string;
  config: string;
  /** The `SPELL_HOME` of the window and of all that it starts. */
  home: string;
  /** The folder that the window opens, a copy of a fixture; the tests may write in it. */
  workspace: string;
  /** Where the runner extension of a window with that folder writes the port on which it can be asked. */
  invokeFile: string;
  /** The environment of the editor: nothing of the person's own editor or Spell, nothing of the test runner's. */
  env: NodeJS.ProcessEnv;
  /** Removes it, after `spell down`. Returns the commands of what still carried its home then, and was killed. */
  remove(): Promise<string[]>;
}

/** Makes a {@link Place}; `workspace` is the folder to copy, absent for an empty one. */
export async function makePlace(workspace: string | undefined, settings: Record<string, unknown> = {}): Promise<Place> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'spell-editor-')));
  const place = {
    folder,
    userData: join(folder, 'user-data'),
    extensions: join(folder, 'extensions'),
    config: join(folder, 'config.yaml'),
    home: join(folder, 'home'),
    workspace: join(folder, 'project'),
    invokeFile: join(folder, 'invoke.project'),
  };
  await mkdir(place.extensions);
  if (workspace === undefined) await mkdir(place.workspace);
  else await cp(workspace, place.workspace, { recursive: true });
  await writeFile(place.config, 'auth: none\n');
  await writeSettings(place, 'User', { ...userSettings, ...settings });
  // A window in a browser is a remote one, which takes settings of the scope `machine` from the machine alone.
  await writeSettings(place, 'Machine', settings);
  const env = { ...environment(place.home, folder), TEST_EDITOR_INVOKE: join(folder, 'invoke') };
  const remove = async (): Promise<string[]> => {
    if (existsSync(place.home)) await down(env);
    const left = await processesOfHome(place.home);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    return left.map(({ command }) => command);
  };
  return { ...place, env, remove };
}

async function writeSettings(
  { userData }: Pick<Place, 'userData'>,
  of: 'User' | 'Machine',
  settings: Record<string, unknown>,
): Promise<void> {
  await mkdir(join(userData, of), { recursive: true });
  await writeFile(join(userData, of, 'settings.json'), JSON.stringify(settings, undefined, 2));
}

/** The same place for a window beside the first one, with a folder of its own: a copy of `workspace`. */
export async function placeBeside(place: Place, workspace: string): Promise<Place> {
  const own = { ...place, workspace: join(place.folder, 'beside'), invokeFile: join(place.folder, 'invoke.beside') };
  await cp(workspace, own.workspace, { recursive: true });
  return own;
}

/** Ends the control plane of a window's home, if there is one, as a person does. */
async function down(env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'dist', 'spell.js'), 'down'], { env, stdio: 'ignore' });
  await once(child, 'exit');
}

/** What an outer VS Code, an outer `spell` or a test runner would pass on. */
const foreign = /^(VSCODE_|SPELL_|VIRTUAL_ENV$|NODE_OPTIONS$|NODE_TEST|ELECTRON_|npm_)/;

function environment(home: string, folder: string): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return {
    ...own,
    SPELL_HOME: home,
    XDG_CONFIG_HOME: join(folder, 'xdg'),
    XDG_DATA_HOME: join(folder, 'xdg'),
    // Its sockets, which it leaves when it is ended.
    XDG_RUNTIME_DIR: folder,
    // No gallery: the tests use no network, and a look-up that fails is a line in the log that looks like a fault.
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
}
