import { digestOf } from '../../api/manifest.ts';
import { Contents } from '../store/contents.ts';

/** Writes a content that never ends, and says when the first bytes are on the disk; a test kills it. */
const contents = await Contents.open(process.argv[2] ?? '');
async function* endless(): AsyncGenerator<Uint8Array> {
  for (let piece = 0; ; piece++) {
    if (piece === 2) process.stdout.write('writing\n');
    yield Buffer.alloc(1024, 'x');
    if (piece > 2) await new Promise((resolve) => setImmediate(resolve));
    if (piece > 1e6) return;
  }
}
await contents.put(digestOf('never'), endless());
