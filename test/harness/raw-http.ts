import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One answer, as it stood on the wire. */
export interface RawAnswer {
  status: number;
  /** Names in lower case; of a repeated one the last. */
  headers: Record<string, string>;
  body: string;
}

/** A connection on which a test says exactly the bytes that it means to. */
export class RawConnection {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (piece: Buffer) => {
      this.#received = Buffer.concat([this.#received, piece]);
      this.#wake();
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#ended = true;
      this.#wake();
    });
    socket.once('end', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** Writes bytes; a character is a byte. */
  say(bytes: string): this {
    this.socket.write(bytes, 'latin1');
    return this;
  }

  /** The next answer; undefined when the connection ended without one. Also one of status 100. */
  async answer(): Promise<RawAnswer | undefined> {
    for (;;) {
      const answer = this.#cut();
      if (answer || this.#ended) return answer;
      await this.#more();
    }
  }

  /** The next answer's head, of one that has no body whatever it says: to HEAD. */
  async head(): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0 && !this.#ended) await this.#more();
      else {
        const head = this.#received.subarray(0, end + 4).toString('latin1');
        this.#received = this.#received.subarray(end + 4);
        return head;
      }
    }
  }

  /** Resolves when the other side has ended the connection, with what came that no answer was made of. */
  async end(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.#received.toString('latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #cut(): RawAnswer | undefined {
    const head = this.#received.indexOf('\r\n\r\n');
    if (head < 0) return undefined;
    const [first = '', ...lines] = this.#received.subarray(0, head).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const end = head + 4 + Number(headers['content-length'] ?? 0);
    if (this.#received.length < end) return undefined;
    const body = this.#received.subarray(head + 4, end).toString();
    this.#received = this.#received.subarray(end);
    return { status: Number(first.split(' ')[1]), headers, body };
  }
}

/** Says these bytes on a connection of their own; the first answer, once both sides have ended the connection. */
export async function sayAll(url: string, bytes: string): Promise<RawAnswer | undefined> {
  const connection = await RawConnection.open(url);
  connection.say(bytes);
  const answer = await connection.answer();
  connection.socket.end();
  await connection.end();
  return answer;
}
