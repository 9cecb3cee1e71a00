import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { digestOf, manifestProblem } from '../../api/manifest.ts';
import { type Manifest, manifest as manifestSchema } from '../../api/objects.ts';
import type { ArtefactSource } from '../platform.ts';
import { PreparationError } from './preparation-error.ts';

/** Reads a manifest and checks that it is the one which its digest names, and that no path in it leaves its folder. */
export async function readManifest(source: ArtefactSource, digest: string, signal: AbortSignal): Promise<Manifest> {
  const bytes = await buffer(await source.open(digest));
  signal.throwIfAborted();
  if (digestOf(bytes) !== digest) throw wrongContent(digest);
  const parsed = manifestSchema.safeParse(JSON.parse(bytes.toString('utf8')));
  const problem = parsed.success ? manifestProblem(parsed.data) : 'it is not a list of files';
  if (!parsed.success || problem) {
    const message = `the manifest ${digest} cannot be used: ${problem}`;
    throw new PreparationError({ code: 'bad-manifest', message, hint: 'serve the model server again from its project' });
  }
  return parsed.data;
}

/** Writes one content, and rejects when its bytes are not the ones that its digest names. `onBytes` hears how many came. */
export async function copyContent(
  source: ArtefactSource,
  digest: string,
  into: NodeJS.WritableStream,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
    flush(done) {
      done(`sha256:${hash.digest('hex')}` === digest ? null : wrongContent(digest));
    },
  });
  await pipeline(await source.open(digest), check, into, { signal });
}

/** Not final: over a network, a broken transfer is the likely reason. */
function wrongContent(digest: string): PreparationError {
  return new PreparationError({
    code: 'wrong-digest',
    message: `the content that came for ${digest} is another one`,
    hint: 'it is fetched again; if this stays, the store is damaged: upload the model, or serve the project, again',
    final: false,
  });
}
