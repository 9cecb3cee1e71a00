import { watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../clock.ts';
import { type CertificateFiles, type CertificatePair, checkCertificatePair, readCertificateTexts } from './certificate-pair.ts';

/** Two files are written one after the other: they are looked at when nothing has changed for so long. */
const settleMs = 200;

/** They are also looked at so often, for file systems that do not tell of changes. */
const lookMs = 60_000;

/** From when on it is said that a certificate is about to expire. */
const warnMs = 14 * 24 * 60 * 60 * 1000;

export interface CertificateWatchOptions {
  files: CertificateFiles;
  clock: Clock;
  /** A new pair, found good: to be used from now on. */
  replace: (pair: CertificatePair) => void;
  /** What {@link CertificateWatch.notices} says has changed. */
  changed: () => void;
  log: (message: string) => void;
}

/**
 * Follows the files of a certificate. What is good replaces the former; what is not is reported, and the former stays.
 * Their folders are watched, not the files: tools that renew certificates put a new file, or a link, in the old one's place.
 */
export class CertificateWatch {
  readonly #options: CertificateWatchOptions;
  readonly #closers: (() => void)[] = [];
  #pair: CertificatePair;
  #problem: string | null = null;
  #shown = '';
  #cancelLook: () => void = () => {};
  #cancelSettle: () => void = () => {};
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(pair: CertificatePair, options: CertificateWatchOptions) {
    this.#pair = pair;
    this.#options = options;
    this.#shown = this.notices.join();
    const { certificate, key } = options.files;
    for (const folder of new Set([dirname(certificate), dirname(key)])) this.#watch(folder);
    this.#lookLater();
  }

  /** What their user should know: a new pair that is not used, a certificate that expires. */
  get notices(): string[] {
    const { clock, files } = this.#options;
    const leftMs = this.#pair.expiresAt - clock.date().getTime();
    const until = new Date(this.#pair.expiresAt).toISOString();
    return [
      ...(this.#problem === null ? [] : [`${this.#problem}; the certificate that was read before stays in use`]),
      ...(leftMs > warnMs ? [] : [`the certificate ${files.certificate} ${leftMs > 0 ? 'expires' : 'has expired'}: valid until ${until}`]),
    ];
  }

  close(): void {
    this.#closed = true;
    this.#cancelLook();
    this.#cancelSettle();
    for (const close of this.#closers) close();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        this.#cancelSettle();
        this.#cancelSettle = this.#options.clock.after(settleMs, () => this.#lookSoon());
      });
      // The folder went, or the system has no more watches: what is left is to look now and then.
      watcher.on('error', () => watcher.close());
      this.#closers.push(() => watcher.close());
    } catch (error) {
      this.#options.log(`${folder} cannot be watched, so it is looked at every ${lookMs / 1000} s: ${(error as Error).message}`);
    }
  }

  #lookLater(): void {
    this.#cancelLook = this.#options.clock.after(lookMs, () => {
      this.#lookLater();
      this.#lookSoon();
    });
  }

  /** One at a time, so that what was read last is what stays. */
  #lookSoon(): void {
    this.#looking = this.#looking.then(() => this.#look());
  }

  async #look(): Promise<void> {
    const { files, clock, replace, changed, log } = this.#options;
    const former = this.#problem;
    try {
      const texts = await readCertificateTexts(files);
      if (this.#closed) return;
      if (texts.cert !== this.#pair.cert || texts.key !== this.#pair.key) {
        const pair = checkCertificatePair(texts, files, clock.date());
        replace(pair);
        this.#pair = pair;
        log(`took the new certificate ${files.certificate}, valid until ${new Date(pair.expiresAt).toISOString()}`);
      }
      this.#problem = null;
    } catch (error) {
      this.#problem = (error as Error).message;
      if (this.#problem !== former) log(`kept the former certificate: ${this.#problem}`);
    }
    const shown = this.notices.join();
    if (shown === this.#shown) return;
    this.#shown = shown;
    changed();
  }
}
