import { callEndpoint, type EndpointAnswer } from './call-endpoint.ts';
import type { Client } from './client-types.ts';

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
  const certificate = url.startsWith('https:') ? (await client.status()).gatewayCertificate : undefined;
  // Loaded only where there is TLS: it needs more of Node than a command otherwise does.
  const trust = certificate ? await (await import('./endpoint-trust.ts')).endpointTrust(certificate.file) : {};
  return callEndpoint(`${url}/${verb}`, body === undefined ? 'GET' : 'POST', body, trust);
}
