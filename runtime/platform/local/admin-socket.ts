import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `sun_path` has 104 bytes on macOS and 108 on Linux, with a zero at the end. */
const longestSocketPath = 100;

/**
 * A place for the gateway's admin socket that only this user can reach: in `folder` or, where that makes too long a path,
 * in a new folder under the system's temporary one (`mkdtemp` gives it mode 0700). On Windows a named pipe.
 */
export async function chooseAdminSocket(folder: string): Promise<{ adminSocket: string; ownFolder: boolean }> {
  if (process.platform === 'win32') {
    const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
    return { adminSocket: `\\\\.\\pipe\\spell-${name}`, ownFolder: false };
  }
  const near = join(folder, 'gateway.sock');
  if (fits(near)) return { adminSocket: near, ownFolder: false };
  // `TMPDIR` may be long as well.
  const temporary = [tmpdir(), '/tmp'].find((root) => fits(join(root, 'spell-XXXXXX', 'g.sock'))) ?? '/tmp';
  return { adminSocket: join(await mkdtemp(join(temporary, 'spell-')), 'g.sock'), ownFolder: true };
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= longestSocketPath;
}
