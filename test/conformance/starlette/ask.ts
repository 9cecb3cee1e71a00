import { type IncomingMessage, request as outgoing } from 'node:http';

/** Whoever is silent for so long hangs. */
const patienceMs = 10_000;

/** A request as it goes out, header for header. Its path is that of the place that is asked. */
export interface Asked {
  endpoint: string;
  /** Default `predict`, by POST. */
  verb?: 'predict' | 'health';
  method?: string;
  /** With its question mark. */
  query?: string;
  /** Names and values in turn, repeated ones repeated; nothing is added but Host and the framing. */
  headers?: readonly string[];
  body?: string | Buffer | readonly (string | Buffer)[];
}

/** An answer, header for header. */
export interface Answer {
  status: number;
  /** In lower case. */
  headers: [name: string, value: string][];
  body: Buffer;
  /** Whether it came to its end; else the connection broke. */
  whole: boolean;
  /** The socket that the client had. */
  clientPort: number;
}

/** Sends a request, and returns its answer as soon as the head is there. A list as body goes out in chunks. */
export function begin(place: string, asked: Asked): Promise<IncomingMessage> {
  const { endpoint, verb = 'predict', method = verb === 'predict' ? 'POST' : 'GET', query = '', headers = [], body } = asked;
  const given = headers.some((header, at) => at % 2 === 0 && header.toLowerCase() === 'host') ? [] : ['Host', 'models.example:8443'];
  const pieces = body === undefined ? [] : typeof body === 'string' || Buffer.isBuffer(body) ? [body] : body;
  const chunked = Array.isArray(body);
  const size = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  const framing = chunked ? ['Transfer-Encoding', 'chunked'] : method === 'POST' ? ['Content-Length', String(size)] : [];
  return new Promise((resolve, reject) => {
    const sent = outgoing(`${place}/${verb}${query}`, {
      method,
      headers: [...given, 'X-Endpoint', endpoint, ...headers, ...framing, 'Connection', 'close'],
      agent: false,
      timeout: patienceMs,
    });
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error(`nothing came from ${place} for ${patienceMs} ms`)));
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });
}

/** Sends a request and reads its whole answer. */
export async function ask(place: string, asked: Asked): Promise<Answer> {
  const answer = await begin(place, asked);
  const clientPort = answer.socket.localPort ?? 0;
  const pieces: Buffer[] = [];
  const whole = await new Promise<boolean>((resolve) => {
    answer.on('data', (piece: Buffer) => pieces.push(piece));
    answer.on('error', () => resolve(false));
    answer.on('end', () => resolve(answer.complete));
  });
  return { status: answer.statusCode ?? 0, headers: pairs(answer.rawHeaders), body: Buffer.concat(pieces), whole, clientPort };
}

/** The values of a header, in their order. */
export function valuesOf(answer: Answer, name: string): string[] {
  return answer.headers.filter(([other]) => other === name).map(([, value]) => value);
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, at) => [(raw[2 * at] ?? '').toLowerCase(), raw[2 * at + 1] ?? '']);
}
