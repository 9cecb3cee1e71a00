import { readFile } from 'node:fs/promises';
import { homeLayout } from '../home.ts';
import { createClient } from '../http/client.ts';
import type { Client } from '../http/client-types.ts';
import type { Status } from '../objects.ts';

/** A control plane that answered. */
export interface Connection {
  client: Client;
  status: Status;
}

/** A healthy control plane answers within milliseconds; one that does not within this time counts as not there. */
const answerWithinMs = 2000;

/** The running control plane of a home, or `undefined` when none answers there. Starts nothing, changes nothing. */
export async function findControlPlane(home: string): Promise<Connection | undefined> {
  const { spelldFile, tokenFile } = homeLayout(home);
  const [said, token] = await Promise.all([readText(spelldFile), readText(tokenFile)]);
  const url = said === undefined ? undefined : apiUrlIn(said);
  if (url === undefined || token === undefined) return undefined;
  const client = createClient({ url, token: token.trim() });
  try {
    return { client, status: await client.status({ signal: AbortSignal.timeout(answerWithinMs) }) };
  } catch {
    client.close();
    return undefined;
  }
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

function apiUrlIn(text: string): string | undefined {
  try {
    const { apiUrl } = JSON.parse(text) as Partial<Status>;
    return typeof apiUrl === 'string' && URL.canParse(apiUrl) ? apiUrl : undefined;
  } catch {
    return undefined;
  }
}
