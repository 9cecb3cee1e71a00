import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { type CertificatePair, checkCertificatePair, readCertificateTexts } from '../../runtime/serving/front/tls/certificate-pair.ts';
import { CertificateWatch } from '../../runtime/serving/front/tls/certificate-watch.ts';
import { FakeClock } from '../../runtime/serving/testing/fake-clock.ts';
import { type CertificateFolder, makeCertificateFolder, makePair } from '../harness/https.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A clock whose time of day goes with it, from now. */
class DayClock extends FakeClock {
  readonly #from = Date.now();

  override date(): Date {
    return new Date(this.#from + this.now());
  }
}

describe('a certificate that is followed', () => {
  let folder: CertificateFolder;
  before(async () => {
    folder = await makeCertificateFolder();
  });
  after(() => folder.close());

  /** Watches what lies in the folder; events `replace` and `changed` say what it does. */
  const follow = async (clock: FakeClock): Promise<{ watch: CertificateWatch; happened: EventEmitter; log: string[] }> => {
    const happened = new EventEmitter();
    const log: string[] = [];
    const watch = new CertificateWatch(checkCertificatePair(await readCertificateTexts(folder.files), folder.files, new Date()), {
      files: folder.files,
      clock,
      replace: (pair) => happened.emit('replace', pair),
      changed: () => happened.emit('changed'),
      log: (message) => log.push(message),
    });
    return { watch, happened, log };
  };

  it('is looked at each minute, where the system does not tell of changes', async () => {
    const clock = new DayClock();
    const { watch, happened, log } = await follow(clock);
    const made = await folder.replace();
    const replaced = once(happened, 'replace') as Promise<[CertificatePair]>;
    clock.advance(60_000);
    assert.equal((await replaced)[0].cert, made.cert);
    assert.match(log[0] ?? '', /took the new certificate .*valid until 20/);
    watch.close();
  });

  it('is told of 14 days before it expires, and when it has', async () => {
    await folder.replace(await makePair(0, 30));
    const clock = new DayClock();
    const { watch, happened } = await follow(clock);
    assert.deepEqual(watch.notices, []);
    for (const [days, notice] of [
      [17, /expires: valid until 20/],
      [14, /^the certificate \S+ has expired: valid until 20\S+$/],
    ] as const) {
      const changed = once(happened, 'changed');
      clock.jump(days * dayMs);
      clock.advance(60_000);
      await changed;
      assert.match(watch.notices.join(), notice);
    }
    watch.close();
  });
});
