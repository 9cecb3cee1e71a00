/** What a request's head says of who sent it, and how. */
export interface Sender {
  client: [address: string, port: number] | null;
  scheme: 'http' | 'https';
}

/** Where a proxy is believed: on this machine, as uvicorn does it unless told otherwise. */
const believed: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * The client and the scheme as the outside sees them: those of the socket, or what a proxy on this machine tells in
 * `x-forwarded-for` and `x-forwarded-proto`. Of a chain of proxies the last one counts that is not on this machine: each
 * adds at the end whom it was asked by, and what stands before that anybody may have written. `headers` have names in
 * lower case.
 */
export function senderOf(headers: readonly [string, string][], socket: Sender): Sender {
  if (socket.client === null || !believed.has(socket.client[0])) return socket;
  let { scheme } = socket;
  const chain: string[] = [];
  for (const [name, value] of headers) {
    if (name === 'x-forwarded-for') chain.push(...value.split(',').map((each) => each.trim()));
    else if (name === 'x-forwarded-proto' && (value === 'http' || value === 'https')) scheme = value;
  }
  const addresses = chain.map(addressAndPort);
  const client = addresses.findLast(([address]) => !believed.has(address)) ?? addresses[0];
  return { client: client === undefined || client[0] === '' ? socket.client : client, scheme };
}

/** `1.2.3.4`, `1.2.3.4:5`, `::1` or `[::1]:5`; without a port it is 0. */
function addressAndPort(text: string): [string, number] {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::([0-9]+))?$/.exec(text) ?? [];
  return [bracketed ?? plain ?? text, Number(port ?? 0)];
}
