import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SpellError } from '../../runtime/api/errors.ts';
import { seededRandom } from '../../runtime/api/testing/random.ts';
import { Contents } from '../../runtime/control/store/contents.ts';
import type { ArtefactSource } from '../../runtime/platform/platform.ts';
import { type PlatformPlace, platformConformance } from './conformance.ts';
import { makeLocalPlace } from './local-place.ts';
import { RemotePlatform } from './remote-platform.ts';

// Each test with a seed of its own, the same in every run.
let seed = 0;
platformConformance('remote', () => makeRemotePlace(seededRandom(++seed)));

/** A place whose store lies elsewhere: what it has is had over HTTP, by digest, and in no other way. */
async function makeRemotePlace(random: () => number): Promise<PlatformPlace> {
  const storeFolder = await mkdtemp(join(tmpdir(), 'spell-far-store-'));
  const shelf = await Contents.open(join(storeFolder, 'contents'));
  const server = createServer((request, response) => {
    shelf.open((request.url ?? '').slice('/contents/'.length)).then(
      (content) => pipeline(content, response),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const source: ArtefactSource = { open: (digest) => fetchContent(`http://127.0.0.1:${port}/contents/${digest}`) };
  const far = await makeLocalPlace('far/away/from/the/control/plane');
  return {
    shelf,
    open: () => new RemotePlatform(far.open({ source }), random),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await rm(storeFolder, { recursive: true, force: true });
      await far.close();
    },
  };
}

async function fetchContent(url: string): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).on('error', reject));
  if (answer.statusCode === 200) return answer;
  answer.resume();
  throw new SpellError('not-found', `there is nothing at ${url}`);
}
