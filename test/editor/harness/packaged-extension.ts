import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { writeNotices } from '../../../scripts/notices.ts';
import { packExtension } from '../../../scripts/packaging/pack-extension.ts';
import type { CodeServer } from '../../../scripts/testing/editor/code-server.ts';
import { outputFolder } from './evidence.ts';
import type { Place } from './place.ts';

let packed: Promise<string> | undefined;

/** Packs what is built, once a process, and installs it as a person does who has the VSIX. */
export async function installPackaged({ node, entry }: CodeServer, { userData, extensions, config, env }: Place): Promise<void> {
  packed ??= pack();
  const places = ['--user-data-dir', userData, '--extensions-dir', extensions, '--config', config];
  await execa(node, [entry, '--install-extension', await packed, ...places], { env, extendEnv: false });
}

async function pack(): Promise<string> {
  const folder = join(outputFolder, 'packages');
  await mkdir(folder, { recursive: true });
  await writeNotices();
  return await packExtension(folder);
}
