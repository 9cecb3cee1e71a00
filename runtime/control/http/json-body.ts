import { SpellError } from '../../api/errors.ts';
import { shownSize } from '../../api/shown-size.ts';

/** The most that a JSON body may have: a manifest of some hundred thousand files. Contents are sent apart, without a limit. */
const maxJsonBytes = 64 * 2 ** 20;

/** Reads and parses a JSON body; an empty one is `{}`, so that verbs without options need none. Throws `bad-json`, `too-large`. */
export async function readJsonBody(body: ReadableStream<Uint8Array> | null): Promise<unknown> {
  const bytes = await readLimited(body);
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SpellError('bad-json', `the body is not JSON: ${(error as Error).message}`, 'send one JSON object, encoded as UTF-8', {
      cause: error,
    });
  }
}

/** The pieces of a body as they come. A caller that goes away in the middle makes this throw `bad-request`. */
export async function* bodyPieces(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  try {
    yield* body;
  } catch (error) {
    throw new SpellError('bad-request', 'the body ended before it was whole', 'send it again', { cause: error });
  }
}

async function readLimited(body: ReadableStream<Uint8Array> | null): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bodyPieces(body)) {
    size += piece.length;
    if (size > maxJsonBytes)
      throw new SpellError(
        'too-large',
        `the body has more than ${shownSize(maxJsonBytes)}`,
        'send contents apart, with PUT /contents/DIGEST',
      );
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
