import { connect } from 'node:net';

/**
 * A closed loop of raw HTTP/1.1 connections, as cheap as Node can make it, so that the generator takes little of the
 * core that it shares with what it measures. Each connection sends its request, waits for the whole answer, and
 * sends the next; nothing is pipelined. An answer is whole when its bytes end with the expected body.
 *
 *     node load-generator.ts '{"url", "body", "connections", "warmupMs", "durationMs"}'
 *
 * Prints one JSON object, {@link LoadResult}.
 */
export interface LoadPlan {
  url: string;
  /** Sent, and expected back byte for byte. */
  body: string;
  connections: number;
  warmupMs: number;
  durationMs: number;
}

export interface LoadResult {
  requestsPerSecond: number;
  /** All right answers, those of the warm-up included. */
  answered: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were not 200 with the expected body. */
  wrong: number;
}

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
const { hostname, port, pathname, host } = new URL(plan.url);
const body = Buffer.from(plan.body);
const message = Buffer.from(
  `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${plan.body}`,
);
const good = Buffer.from('HTTP/1.1 200');
const latencies = new Float64Array(4_000_000);
let answers = 0;
let wrong = 0;
let measuring = false;
let answered = 0;

function open(): void {
  const buffer = Buffer.alloc(64 * 1024);
  let filled = 0;
  let sentAt = performance.now();
  const socket = connect({
    host: hostname,
    port: Number(port),
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(16 * 1024),
      callback: (size, read) => {
        buffer.set(filled === 0 && size === read.length ? read : read.subarray(0, size), filled);
        filled += size;
        // The last byte first: it tells nearly always, and costs next to nothing.
        if (buffer[filled - 1] !== body[body.length - 1] || body.compare(buffer, filled - body.length, filled) !== 0) return true;
        if (good.compare(buffer, 0, good.length) !== 0) wrong++;
        filled = 0;
        answered++;
        const now = performance.now();
        if (measuring) latencies[answers++] = now - sentAt;
        sentAt = now;
        socket.write(message);
        return true;
      },
    },
  });
  socket.on('error', () => {
    wrong++;
  });
  socket.once('connect', () => socket.write(message));
}

for (let index = 0; index < plan.connections; index++) open();
setTimeout(() => {
  measuring = true;
  const began = performance.now();
  setTimeout(() => {
    const seconds = (performance.now() - began) / 1000;
    const sorted = latencies.subarray(0, answers).sort();
    const at = (part: number): number => Math.round((sorted[Math.floor(part * answers)] ?? 0) * 1000) / 1000;
    const result: LoadResult = { requestsPerSecond: Math.round(answers / seconds), answered, p50Ms: at(0.5), p99Ms: at(0.99), wrong };
    process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
  }, plan.durationMs);
}, plan.warmupMs);
