import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { SpellError } from '../errors.ts';
import type { RouteName } from '../routes.ts';
import { readJson, refuseFailure } from './answers.ts';
import type { Client } from './client-types.ts';
import { routeLines } from './route-lines.ts';
import { serverSentData } from './server-sent-events.ts';
import { breakOffSilence } from './silence.ts';
import { textLines } from './text-lines.ts';
import { createTransport, type Outgoing, type Transport, unreachable } from './transport.ts';

/** Which control plane, and what it knows us by. */
export interface ClientOptions {
  /** Without `/api/v1`: `http://127.0.0.1:4711`. */
  url: string;
  token: string;
}

/** What any call may carry; the types of `client-types.ts` say which call carries what. */
interface AnyInput {
  [parameter: string]: unknown;
  query?: Record<string, string | undefined>;
  body?: unknown;
  size?: number;
  signal?: AbortSignal;
}

/** A client of one control plane. Nothing is sent before the first call. */
export function createClient({ url, token }: ClientOptions): Client {
  const address = url.replace(/\/+$/, '');
  const transport = createTransport(`${address}/api/v1`);
  const methods = Object.entries(routeLines).map(([name, [method, path, kind]]) => {
    const send = (input: AnyInput): Promise<IncomingMessage> => transport.send(toOutgoing(method, path, token, input));
    const call = { json: callJson, bytes: callBytes, lines: callLines, events: callEvents }[kind];
    return [name as RouteName, (input: AnyInput = {}) => call(() => send(input), address, input.signal)] as const;
  });
  return { ...Object.fromEntries(methods), url: address, close: () => transport.close() } as unknown as Client;
}

type Send = () => ReturnType<Transport['send']>;

async function callJson(send: Send, address: string, signal?: AbortSignal): Promise<unknown> {
  const answer = await send();
  return readJson(answer).catch((error) => {
    // An answer that broke off tells nothing, just as none at all.
    throw signal?.aborted || error instanceof SpellError ? error : unreachable(address, error);
  });
}

async function callStream(send: Send): Promise<IncomingMessage> {
  const answer = await send();
  await refuseFailure(answer);
  breakOffSilence(answer);
  return answer;
}

async function callBytes(send: Send): Promise<Readable> {
  const answer = await send();
  await refuseFailure(answer);
  return answer;
}

async function* callLines(send: Send, address: string, signal?: AbortSignal): AsyncGenerator<unknown> {
  const answer = await callStream(send);
  try {
    // An empty line is a sign of life.
    for await (const line of textLines(answer)) if (line !== '') yield JSON.parse(line);
  } catch (error) {
    throw signal?.aborted ? error : unreachable(address, error);
  }
}

async function* callEvents(send: Send, address: string, signal?: AbortSignal): AsyncGenerator<unknown> {
  const answer = await callStream(send);
  try {
    for await (const data of serverSentData(textLines(answer))) yield JSON.parse(data);
  } catch (error) {
    throw signal?.aborted ? error : unreachable(address, error);
  }
}

function toOutgoing(method: string, path: string, token: string, { query = {}, body, size, signal, ...parameters }: AnyInput): Outgoing {
  const filled = path.replace(/:([a-z]+)/g, (_, name: string) => encodeURIComponent(String(parameters[name])));
  const search = new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString();
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  const outgoing: Outgoing = { method, path: search === '' ? filled : `${filled}?${search}`, headers, signal };
  if (body === undefined) return outgoing;
  if (size !== undefined) {
    headers['content-type'] = 'application/octet-stream';
    headers['content-length'] = String(size);
    return { ...outgoing, body: body as Readable };
  }
  const json = JSON.stringify(body);
  headers['content-type'] = 'application/json';
  headers['content-length'] = String(Buffer.byteLength(json));
  return { ...outgoing, body: json };
}
