import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http';
import type { Clock } from '../clock.ts';
import type { BoundedFile } from '../logs/bounded-file.ts';
import { clientGoneStatus, goneWhile } from '../requests/in-flight.ts';
import { EndpointRequest, EndpointResponse } from './exchange.ts';
import { pathOf } from './route-table.ts';

/** One line of the access log. */
export interface AccessRecord {
  /** When its headers had come. */
  time: string;
  id: string | null;
  /** `OWNER/NAME`, as the path has it; null for other paths. */
  server: string | null;
  /** Null for bytes that were no request. */
  method: string | null;
  /** Without its query, which may hold secrets. */
  path: string | null;
  status: number;
  /** As in `api/causes.ts`, else the code of the error. */
  cause: string;
  /** Bytes of the body that came, and of the one that was sent. */
  bytesIn: number;
  bytesOut: number;
  ms: number;
  /** What answered, where a pod did. */
  revision: number | null;
  pod: string | null;
}

/** Longer paths are cut: a line stays a line. */
const maxPathLength = 1024;

/**
 * Notes every request that ends, a JSON object a line. A front whose requests are noted is made of other classes than one
 * whose are not: so it costs nothing where nobody asked for it.
 */
export class AccessLog {
  readonly #file: BoundedFile;
  readonly #clock: Clock;

  constructor(file: BoundedFile, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  get clock(): Clock {
    return this.#clock;
  }

  note(record: AccessRecord): void {
    this.#file.append(JSON.stringify(record));
  }

  /** Bytes that were no request, and what they were answered. */
  noteUnreadable(id: string, status: number, cause: string, bytesOut: number): void {
    const time = this.#clock.date().toISOString();
    this.note({
      time,
      id,
      server: null,
      method: null,
      path: null,
      status,
      cause,
      bytesIn: 0,
      bytesOut,
      ms: 0,
      revision: null,
      pod: null,
    });
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** The classes of a front whose requests are noted. */
export function loggedClasses(log: AccessLog): { IncomingMessage: typeof EndpointRequest; ServerResponse: typeof EndpointResponse } {
  class LoggedRequest extends EndpointRequest {
    bytesIn = 0;

    override push(piece: Uint8Array | null, encoding?: BufferEncoding): boolean {
      if (piece !== null) this.bytesIn += piece.length;
      return super.push(piece, encoding);
    }
  }

  class LoggedResponse extends EndpointResponse {
    readonly #begunAt = log.clock.now();
    readonly #begunOn = log.clock.date();
    #bytesOut = 0;
    #id: string | null = null;
    #revision: number | null = null;
    #pod: string | null = null;

    constructor(request: EndpointRequest) {
      super(request);
      // The first to listen: the slot of a client that hung up still says how far its request was.
      this.once('close', () => log.note(this.#record()));
    }

    override writeHead(status: number, ...rest: unknown[]): this {
      const headers = rest.at(-1) as OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;
      if (Array.isArray(headers)) this.#id = String(headers[headers.indexOf('x-request-id') + 1]);
      if (this.slot?.response === this) this.#noteSlot();
      return (super.writeHead as (...args: unknown[]) => this).call(this, status, ...rest);
    }

    override write(chunk: unknown, ...rest: unknown[]): boolean {
      this.#count(chunk, rest[0]);
      return (super.write as (...args: unknown[]) => boolean).call(this, chunk, ...rest);
    }

    override end(...args: unknown[]): this {
      this.#count(args[0], args[1]);
      return (super.end as (...all: unknown[]) => this).apply(this, args);
    }

    #noteSlot(): void {
      this.#id = this.slot?.requestId ?? null;
      this.#pod = this.slot?.worker?.counter.pod ?? null;
      this.#revision = this.slot?.worker?.counter.revision ?? null;
    }

    #count(chunk: unknown, encoding: unknown): void {
      if (typeof chunk === 'string')
        this.#bytesOut += Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
      else if (chunk instanceof Uint8Array) this.#bytesOut += chunk.length;
    }

    #record(): AccessRecord {
      const { req, slot } = this;
      const isGone = slot?.response === this;
      if (isGone) this.#noteSlot();
      const path = pathOf(req.url ?? '').slice(0, maxPathLength);
      return {
        time: this.#begunOn.toISOString(),
        id: this.#id,
        server: /^\/([^/]+\/[^/]+)\/(?:predict|health|ready)$/.exec(path)?.[1] ?? null,
        method: req.method ?? null,
        path,
        status: this.headersSent ? this.statusCode : clientGoneStatus,
        cause: isGone ? goneWhile(slot) : (this.cause ?? (this.writableFinished ? 'answered' : 'broken-off')),
        bytesIn: (req as LoggedRequest).bytesIn,
        bytesOut: req.method === 'HEAD' ? 0 : this.#bytesOut,
        ms: Math.round((log.clock.now() - this.#begunAt) * 1000) / 1000,
        revision: this.#revision,
        pod: this.#pod,
      };
    }
  }

  return { IncomingMessage: LoggedRequest, ServerResponse: LoggedResponse as typeof EndpointResponse };
}
