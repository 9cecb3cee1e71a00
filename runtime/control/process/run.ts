import { resolve } from 'node:path';
import { asSpellError } from '../../api/errors.ts';
import { type HomeLayout, homeLayout, spellHome } from '../../api/home.ts';
import type { ArtefactSource, Platform } from '../../platform/platform.ts';
import { Backups } from '../store/backups.ts';
import { Contents } from '../store/contents.ts';
import { openDatabase } from '../store/database.ts';
import { recoverySentence } from '../store/recovery.ts';
import { explainSqliteError } from '../store/sqlite-errors.ts';
import { Store } from '../store/store.ts';
import { Daemon } from './daemon.ts';
import { chooseFront, type FrontChoice, rememberFront } from './front-choice.ts';
import { openHomeFolder } from './home-folder.ts';
import type { Lock } from './lock.ts';
import { openLog } from './log.ts';
import { readOptions, type SpelldOptions } from './options.ts';
import { tellStarter } from './readiness.ts';
import { takeHome } from './share.ts';
import { readOrMakeToken } from './token.ts';
import { userName } from './user-name.ts';

/** What a platform is made with. */
export interface PlatformNeeds {
  layout: HomeLayout;
  artefacts: ArtefactSource;
  /** Where the endpoint is to listen. */
  host: string;
  /** The port that was asked for; undefined for the one of the last time, or any free one. */
  port: number | undefined;
  front: FrontChoice;
  say: (line: string) => void;
}

export type MakePlatform = (needs: PlatformNeeds) => Platform | Promise<Platform>;

/**
 * The life of a control plane's process. It tells its starter one line and then serves until somebody asks it to end;
 * SIGTERM and SIGINT end it alone, and what runs goes on. Ends the process.
 */
export async function runSpelld(args: string[], makePlatform: MakePlatform): Promise<void> {
  const layout = homeLayout(resolve(spellHome()));
  const say = openLog(layout.spelldLog);
  try {
    const options = readOptions(args);
    await openHomeFolder(layout.home);
    const taken = await takeHome(layout);
    if ('other' in taken) {
      say(`process ${taken.other.processes.spelld} is the control plane of this home already`);
      tellStarter({ ready: taken.other });
      return;
    }
    await serveHome({ layout, lock: taken.lock, options, makePlatform, say });
  } catch (thrown) {
    const error = asSpellError(explainSqliteError(thrown, layout.home));
    say(`cannot start (${error.code}): ${error.code === 'internal' ? error.stack : error.message}`);
    tellStarter(error.toBody());
    process.exit(1);
  }
}

interface Serving {
  layout: HomeLayout;
  lock: Lock;
  options: SpelldOptions;
  makePlatform: MakePlatform;
  say: (line: string) => void;
}

async function serveHome({ layout, lock, options, makePlatform, say }: Serving): Promise<void> {
  const { database, recovery } = openDatabase(layout.database, new Date());
  if (recovery) say(recoverySentence(recovery));
  const backups = new Backups(database, layout.database, say);
  const store = new Store(database, layout.home, backups);
  const asked = options.host !== undefined || options.port !== undefined || Object.keys(options.front).length > 0;
  const hasAddress = asked || store.facts.get('endpoint') !== undefined;
  const front = chooseFront(options.front, store.facts);
  const [contents, token] = await Promise.all([Contents.open(layout.contents), readOrMakeToken(layout.tokenFile)]);
  const platform = await makePlatform({
    layout,
    artefacts: contents,
    host: options.host ?? store.facts.get('gateway-host') ?? '127.0.0.1',
    port: options.port,
    front,
    say,
  });

  let ending = false;
  const end = async (mode: 'keep' | 'all'): Promise<void> => {
    if (ending) return;
    ending = true;
    await daemon.stop(mode).catch((error: unknown) => say(`the end was not orderly: ${String(error)}`));
    backups.stop();
    database.close();
    lock.release();
    process.exit(0);
  };
  const author = { now: () => new Date(), creator: userName() };
  const shutdown = (mode: 'keep' | 'all'): void => void end(mode);
  const daemon = new Daemon({ layout, token, store, recovery, contents, platform, author, apiPort: options.apiPort, say, shutdown });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => shutdown('keep'));
  await daemon.start();
  say(`process ${process.pid} answers at ${daemon.status().apiUrl}`);
  // An address that somebody asked for or has noted down is part of being ready; that it is taken is the starter's to know.
  if (hasAddress) await daemon.endpoint().catch((error: unknown) => daemon.stop('keep').then(() => Promise.reject(error)));
  if (options.host !== undefined) store.facts.set('gateway-host', options.host);
  if (Object.keys(options.front).length > 0) rememberFront(front, store.facts);
  tellStarter({ ready: daemon.status() });
}
