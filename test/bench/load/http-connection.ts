import { connect, type Socket } from 'node:net';
import { idPlace } from './plan.ts';

/** What one server is sent. */
export interface Target {
  host: string;
  port: number;
  /** The whole request, with {@link idPlace} in its body. */
  message: Buffer;
  idAt: number;
}

export function targetOf(url: string, body: string): Target {
  const { hostname, port, pathname, host } = new URL(url);
  const size = Buffer.byteLength(body);
  const message = Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${size}\r\n\r\n${body}`,
  );
  return { host: hostname, port: Number(port), message, idAt: message.indexOf(idPlace) };
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('\r\n0\r\n\r\n');

/**
 * One HTTP/1.1 connection with at most one request on its way, as cheap as Node can make it, so that the generator takes
 * little of the core that it shares with what it measures.
 */
export class HttpConnection {
  /** The request that is on its way, or was last. */
  id = 0;
  /** When its latency begins to count. */
  began = 0;
  busy = false;
  /** Of the answer: its status (0: the connection ended instead), whether it says when to retry, whether it is the request's. */
  status = 0;
  retryAfter = false;
  matches = false;
  readonly #target: Target;
  readonly #message: Buffer;
  readonly #onAnswer: (connection: HttpConnection) => void;
  #socket: Socket | undefined;
  #connected = false;
  #received: Buffer = Buffer.allocUnsafeSlow(16 * 1024);
  #filled = 0;
  #idText = '';

  constructor(target: Target, onAnswer: (connection: HttpConnection) => void) {
    this.#target = target;
    this.#message = Buffer.from(target.message);
    this.#onAnswer = onAnswer;
  }

  /** Connects without sending anything. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#open().once('connect', resolve).once('error', reject);
    });
  }

  /** Sends a request, over a new connection if the last one has ended. */
  send(id: number, began: number): void {
    this.id = id;
    this.began = began;
    this.busy = true;
    this.#filled = 0;
    this.#idText = String(id);
    if (this.#target.idAt >= 0) this.#message.write(this.#idText, this.#target.idAt, 'latin1');
    const socket = this.#socket ?? this.#open();
    if (this.#connected) socket.write(this.#message);
    else socket.once('connect', () => socket.write(this.#message));
  }

  /** Goes away without a word, whatever is on its way. */
  hangUp(): void {
    this.busy = false;
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({
      host: this.#target.host,
      port: this.#target.port,
      noDelay: true,
      onread: { buffer: Buffer.allocUnsafeSlow(16 * 1024), callback: (size, read) => this.#onRead(size, read) },
    });
    this.#socket = socket;
    this.#connected = false;
    socket.once('connect', () => {
      this.#connected = true;
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
      if (this.busy) this.#answer(0);
    });
    return socket;
  }

  #onRead(size: number, read: Uint8Array): boolean {
    if (this.#filled + size > this.#received.length) {
      const larger = Buffer.allocUnsafeSlow((this.#filled + size) * 2);
      this.#received.copy(larger, 0, 0, this.#filled);
      this.#received = larger;
    }
    this.#received.set(size === read.length ? read : read.subarray(0, size), this.#filled);
    this.#filled += size;
    if (this.busy) this.#look();
    return true;
  }

  /** Whether the answer is whole; if so, it is told. */
  #look(): void {
    const bytes = this.#received.subarray(0, this.#filled);
    const end = bytes.indexOf(headEnd);
    if (end < 0) return;
    const head = bytes.toString('latin1', 0, end).toLowerCase();
    const at = head.indexOf('\r\ncontent-length:');
    const whole =
      at >= 0
        ? this.#filled >= end + 4 + Number.parseInt(head.slice(at + 17), 10)
        : bytes.subarray(-lastChunk.length).equals(lastChunk) || bytes.toString('latin1', end + 4) === '0\r\n\r\n';
    if (!whole) return;
    this.retryAfter = head.includes('\r\nretry-after:');
    this.matches = this.#target.idAt < 0 || bytes.indexOf(this.#idText, end, 'latin1') >= 0;
    if (head.includes('\r\nconnection: close')) {
      this.#socket?.destroy();
      this.#socket = undefined;
    }
    this.#answer(Number(head.slice(9, 12)));
  }

  #answer(status: number): void {
    this.busy = false;
    this.status = status;
    this.#onAnswer(this);
  }
}
