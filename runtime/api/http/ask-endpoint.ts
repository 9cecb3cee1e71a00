import type { ConnectionOptions } from 'node:tls';
import type { ModelServer } from '../objects.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { Client } from './client-types.ts';
import type { EndpointAnswer } from './exchange.ts';

/** Which verb of which model server, and what to send. */
export interface EndpointQuestion {
  owner: string;
  name: string;
  verb: 'predict' | 'health';
  /** POST with this body; without one GET. */
  body?: Buffer;
}

/** Asks a model server as any client would. Its endpoint's own certificate is trusted. Throws as `callEndpoint` does. */
export async function askEndpoint(client: Client, { owner, name, verb, body }: EndpointQuestion): Promise<EndpointAnswer> {
  const { url } = await client.describeModelServer({ owner, name });
  return callEndpoint(`${url}/${verb}`, body === undefined ? 'GET' : 'POST', body, await trustFor(client, url));
}

/** The TLS options for an endpoint of this control plane. */
export async function trustFor(client: Client, url: ModelServer['url']): Promise<ConnectionOptions> {
  const certificate = url.startsWith('https:') ? (await client.status()).gatewayCertificate : undefined;
  // Loaded only where there is TLS: it needs more of Node than a command otherwise does.
  return certificate ? (await import('./endpoint-trust.ts')).endpointTrust(certificate.file) : {};
}
