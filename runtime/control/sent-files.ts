import { SpellError } from '../api/errors.ts';
import { manifestProblem } from '../api/manifest.ts';
import type { Manifest } from '../api/objects.ts';
import type { Contents } from './store/contents.ts';
import type { ResourceRecord } from './store/resources-table.ts';

/** Checks files that were sent before and stores their list; what a resource says of them. Throws as {@link checkFiles}. */
export async function storeFiles(contents: Contents, files: Manifest): Promise<Pick<ResourceRecord, 'manifest' | 'size' | 'files'>> {
  await checkFiles(contents, files);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return { manifest: await contents.putManifest(files), size, files: files.length };
}

/** Checks that a manifest's paths stay below their folder, and that its contents were sent. Throws `bad-path`, `missing-content` or `bad-request`. */
export async function checkFiles(contents: Contents, files: Manifest): Promise<void> {
  const problem = manifestProblem(files);
  if (problem) throw new SpellError('bad-path', problem, 'send the files again, with paths below one folder');
  const missing = new Set(await contents.missing(files.map(({ digest }) => digest)));
  const first = files.find(({ digest }) => missing.has(digest));
  if (first) {
    throw new SpellError(
      'missing-content',
      `${missing.size === 1 ? 'one content was' : `${missing.size} contents were`} not sent, the first is ${JSON.stringify(first.path)} (${first.digest})`,
      'ask POST /contents/missing, send what it names, and try again',
    );
  }
  for (const { path, size, digest } of files) {
    const found = await contents.size(digest);
    if (found === size) continue;
    throw new SpellError('bad-request', `${JSON.stringify(path)} has ${found} bytes, but ${size} were declared`, 'send the files again');
  }
}
