import type { CertificateFiles } from '../../../serving/front/tls/certificate-pair.ts';
import { ensureOwnCertificate, renewLookMs } from './own-certificate.ts';

export interface KeptCertificateOptions {
  files: CertificateFiles;
  /** Where the endpoint listens. */
  host: string;
  say: (line: string) => void;
}

/** The certificate that Spell makes for itself, made anew in time for as long as it is kept. The gateway sees that by itself. */
export class KeptCertificate {
  readonly #options: KeptCertificateOptions;
  #renewal: NodeJS.Timeout | undefined;

  constructor(options: KeptCertificateOptions) {
    this.#options = options;
  }

  /** Resolves when there is one. Rejects where it cannot be made. */
  async start(): Promise<void> {
    this.end();
    await this.#look();
    const { say } = this.#options;
    const look = (): unknown => this.#look().catch((error: unknown) => say(`the certificate cannot be renewed: ${String(error)}`));
    this.#renewal = setInterval(look, renewLookMs).unref();
  }

  end(): void {
    clearInterval(this.#renewal);
  }

  async #look(): Promise<void> {
    const { files, host, say } = this.#options;
    const made = await ensureOwnCertificate({ files, host, now: () => new Date() });
    if (made) say(`made the certificate ${files.certificate}`);
  }
}
