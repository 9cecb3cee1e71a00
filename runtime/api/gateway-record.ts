import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { homeLayout } from './home.ts';

const schema = z.object({
  /** A Unix socket's path, or a named pipe. */
  adminSocket: z.string(),
  /** Whether the socket lies in a folder that was made for it, because its path in the home would have been too long. */
  ownFolder: z.boolean(),
  /** Null until it is ready. */
  pid: z.nullable(z.int()),
  url: z.nullable(z.string()),
});

/**
 * Where the gateway of a home can be reached, as its starter noted it: so that the next control plane finds it, and that
 * `spell down` can clear away its socket when neither is left. Written before the gateway is started, and once it is ready.
 */
export type GatewayRecord = z.infer<typeof schema>;

function fileOf(home: string): string {
  return join(homeLayout(home).platform, 'gateway.json');
}

/** The record, or `undefined` when there is none that can be read. */
export async function readGatewayRecord(home: string): Promise<GatewayRecord | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(home), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeGatewayRecord(home: string, record: GatewayRecord): Promise<void> {
  const file = fileOf(home);
  const beside = `${file}.${process.pid}.part`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(beside, JSON.stringify(record), { mode: 0o600 });
  await rename(beside, file);
}

/** Removes the record, and the socket with the folder that was made for it. The gateway has ended. */
export async function removeGatewayRecord(home: string): Promise<void> {
  const record = await readGatewayRecord(home);
  if (record && process.platform !== 'win32') {
    await rm(record.adminSocket, { force: true });
    // Not recursively: what is not ours stays, and the folder with it.
    if (record.ownFolder) await rmdir(dirname(record.adminSocket)).catch(() => {});
  }
  await rm(fileOf(home), { force: true });
}
