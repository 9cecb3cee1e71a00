import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { build } from './build.ts';
import { writeNotices } from './notices.ts';
import { packCommand } from './packaging/pack-command.ts';
import { packExtension } from './packaging/pack-extension.ts';
import { packWheel } from './packaging/pack-wheel.ts';
import { root } from './root.ts';

/** `npm run package`: the extension's VSIX, the `spell` command's package and the Python wheel, in `dist/packages`. */
const packages = join(root, 'dist', 'packages');

await build();
await writeNotices();
await rm(packages, { recursive: true, force: true });
await mkdir(packages, { recursive: true });
await packWheel(packages);
await packCommand(packages);
await packExtension(packages);
console.log((await execa('ls', ['-l', packages])).stdout);
