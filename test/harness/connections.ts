import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** What came back over one of them. */
export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface PostOptions {
  headers?: Record<string, string>;
  /** Hangs up: the connection closes, and the promise rejects. */
  signal?: AbortSignal;
}

/** Clients that keep their connections, one for each request under way, as many as that takes. */
export class Connections {
  readonly #agent: Agent = new Agent({ keepAlive: true, maxFreeSockets: Number.POSITIVE_INFINITY });

  /** Posts a JSON value. Rejects when no whole answer comes. */
  post(url: string, payload: unknown, { headers = {}, signal }: PostOptions = {}): Promise<Reply> {
    const body = JSON.stringify(payload);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        {
          method: 'POST',
          agent: this.#agent,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
          ...(signal && { signal }),
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (piece: string) => {
            text += piece;
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
          answer.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** How many connections are open. */
  get open(): number {
    return [this.#agent.sockets, this.#agent.freeSockets].reduce(
      (sum, sockets) => sum + Object.values(sockets).reduce((count, each) => count + (each?.length ?? 0), 0),
      0,
    );
  }

  close(): void {
    this.#agent.destroy();
  }
}
