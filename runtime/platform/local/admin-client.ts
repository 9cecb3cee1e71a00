import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { textLines } from '../../api/http/text-lines.ts';
import type { LogLine } from '../../api/objects.ts';
import {
  type BatchRecord,
  batchRecord,
  type ObservedTraffic,
  observedTraffic,
  type RequestRecord,
  requestRecord,
} from '../../api/traffic.ts';
import { type PodUserMetrics, podUserMetrics } from '../../api/user-metrics.ts';
import type { GatewayInfo, GatewayObservation, GatewayServer } from '../../serving/admin.ts';
import type { ControlPlaneProgram } from '../../serving/gateway-options.ts';
import { readLine } from '../../serving/logs/stored-line.ts';
import type { LogQuery, ServerKey } from '../platform.ts';
import { gatewayInfo, gatewayObservation } from './admin-schema.ts';

/** A gateway answers at once; one that does not within this time is wedged. */
const answerWithinMs = 5000;

/** The gateway answered, and said no. */
export class GatewayRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The other end of a gateway's admin socket (`runtime/serving/admin.ts`). Rejects when nobody answers there. */
export class AdminClient {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  async info(withinMs = answerWithinMs): Promise<GatewayInfo> {
    return gatewayInfo.parse(JSON.parse(await this.#ask('GET', '/info', undefined, withinMs)));
  }

  async put(server: GatewayServer): Promise<void> {
    await this.#ask('PUT', pathOf(server), server);
  }

  async remove(key: ServerKey): Promise<void> {
    await this.#ask('DELETE', pathOf(key));
  }

  /** Says how a control plane is started from now on, when the one that says it vanishes. */
  async startWith(program: ControlPlaneProgram): Promise<void> {
    await this.#ask('PUT', '/control-plane', program);
  }

  /** Ends the gateway with all its pods. Resolves when that is noted; `/watch` ends with the gateway. */
  async stop(): Promise<void> {
    await this.#ask('POST', '/stop');
  }

  async detach(): Promise<void> {
    await this.#ask('POST', '/detach');
  }

  /** What it sees, at once and after each change, until it ends or the signal aborts. */
  async *watch(signal: AbortSignal): AsyncGenerator<GatewayObservation> {
    const answer = await this.#send('GET', '/watch', undefined, signal);
    for await (const line of textLines(answer)) yield gatewayObservation.parse(JSON.parse(line));
  }

  async *logs({ pod, tail, since, follow, signal, ...key }: LogQuery): AsyncGenerator<LogLine> {
    const query = new URLSearchParams();
    if (pod !== undefined) query.set('pod', pod);
    if (tail !== undefined) query.set('tail', String(tail));
    if (since !== undefined) query.set('since', since);
    if (follow) query.set('follow', 'true');
    const answer = await this.#send(
      'GET',
      `/logs/${encodeURIComponent(key.owner)}/${encodeURIComponent(key.name)}?${query}`,
      undefined,
      signal,
    );
    for await (const stored of textLines(answer)) {
      const line = readLine(stored);
      if (line) yield line;
    }
  }

  async traffic(key: ServerKey): Promise<ObservedTraffic> {
    return observedTraffic.parse(JSON.parse(await this.#ask('GET', pathOf(key, 'traffic'))));
  }

  async userMetrics(key: ServerKey): Promise<PodUserMetrics[]> {
    return z.array(podUserMetrics).parse(JSON.parse(await this.#ask('GET', pathOf(key, 'user-metrics'))));
  }

  /** Everything it measures, in Prometheus' text format. */
  metrics(): Promise<string> {
    return this.#ask('GET', '/metrics');
  }

  async requests(key: ServerKey): Promise<RequestRecord[]> {
    return z.array(requestRecord).parse(JSON.parse(await this.#ask('GET', pathOf(key, 'requests'))));
  }

  async batches(key: ServerKey): Promise<BatchRecord[]> {
    return z.array(batchRecord).parse(JSON.parse(await this.#ask('GET', pathOf(key, 'batches'))));
  }

  async #ask(method: string, path: string, body?: unknown, withinMs = answerWithinMs): Promise<string> {
    return text(await this.#send(method, path, body, AbortSignal.timeout(withinMs)));
  }

  async #send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<IncomingMessage> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      // A connection of its own each: one that is kept could belong to a gateway that has just ended.
      const sent = request({ socketPath: this.#socket, agent: false, method, path, headers, ...(signal ? { signal } : {}) }, resolve);
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    throw new GatewayRefusal(status, `the gateway answered ${method} ${path} with ${status}: ${(await text(answer)).slice(0, 500)}`);
  }
}

/** What the gateway says, or `without` where there is none, or it has not heard of the model server yet. */
export async function askIfThere<T>(admin: AdminClient | null, ask: (admin: AdminClient) => Promise<T>, without: T): Promise<T> {
  if (!admin) return without;
  try {
    return await ask(admin);
  } catch (error) {
    if (error instanceof GatewayRefusal && error.status === 404) return without;
    throw error;
  }
}

function pathOf({ owner, name }: ServerKey, of = 'servers'): string {
  return `/${of}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}
