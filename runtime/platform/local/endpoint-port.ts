import { readFile, rename, writeFile } from 'node:fs/promises';

/**
 * The endpoint's port: the one that was asked for, else the one of the last time (so that URLs stay what they were),
 * else any free one, which is then remembered.
 */
export class EndpointPort {
  readonly #file: string;
  readonly #asked: number | undefined;
  #remembered = 0;

  constructor(file: string, asked: number | undefined) {
    this.#file = file;
    this.#asked = asked;
  }

  async load(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    const port = Number(text);
    if (Number.isInteger(port) && port > 0 && port < 65536) this.#remembered = port;
  }

  /** What to listen on; 0 for any free one. */
  get wanted(): number {
    return this.#asked || this.#remembered;
  }

  /** Whether a gateway that runs at this address has the port that was asked for. */
  suits(url: string): boolean {
    return !this.#asked || portOf(url) === this.#asked;
  }

  async remember(url: string): Promise<void> {
    const port = portOf(url);
    if (port === this.#remembered) return;
    this.#remembered = port;
    const beside = `${this.#file}.${process.pid}.part`;
    await writeFile(beside, String(port));
    await rename(beside, this.#file);
  }
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}
