import { SpellError } from '../../../../api/errors.ts';
import type { Client } from '../../../../api/http/client-types.ts';
import type { LogLine } from '../../../../api/objects.ts';
import { revisionOfPod } from '../../../../api/pod-id.ts';

/** What a person wants to see of a log; what is not said is not asked. */
export interface Wanted {
  grep?: string | undefined;
  request?: string | undefined;
  revision?: string | undefined;
}

/** Tells the lines that are wanted from the others. */
export type IsWanted = (line: LogLine) => boolean;

/**
 * Makes the filter of {@link Wanted}; undefined where all lines are. Throws `usage` for a pattern or a number that is none.
 * The lines of a request are also those of the batches that it was in, as far as the model server remembers them.
 */
export async function wantedLines(client: Client, key: { owner: string; name: string }, wanted: Wanted): Promise<IsWanted | undefined> {
  const filters: IsWanted[] = [];
  if (wanted.revision !== undefined) {
    const revision = readRevision(wanted.revision);
    filters.push(({ pod }) => revisionOfPod(pod, key.name) === revision);
  }
  if (wanted.request !== undefined) filters.push(await ofRequest(client, key, wanted.request));
  if (wanted.grep !== undefined) {
    const pattern = readPattern(wanted.grep);
    filters.push(({ text }) => pattern.test(text));
  }
  return filters.length === 0 ? undefined : (line) => filters.every((isWanted) => isWanted(line));
}

async function ofRequest(client: Client, key: { owner: string; name: string }, request: string): Promise<IsWanted> {
  const batches = await client.listBatches({ ...key, query: { last: '1000' } });
  const ids = new Set(batches.filter(({ requests }) => requests.includes(request)).map(({ pod, id }) => `${pod} ${id}`));
  return ({ requestId, pod, batch }) => requestId === request || (batch !== undefined && ids.has(`${pod} ${batch}`));
}

function readRevision(text: string): number {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new SpellError('usage', `--revision: ${JSON.stringify(text)} is no revision`, '`spell server revisions NAME` lists them');
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new SpellError(
      'usage',
      `--grep: ${JSON.stringify(text)} is no pattern: ${problem}`,
      'write a regular expression, with \\ before what is meant as it stands',
    );
  }
}
