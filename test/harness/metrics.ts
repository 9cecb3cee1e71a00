import type { RealGateway } from './gateway.ts';

/** The sum of a gateway's samples of one name (`spell_requests_total`) that carry these labels; 0 if there is none. */
export async function metric(gateway: RealGateway, name: string, labels: Record<string, string> = {}): Promise<number> {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  let sum = 0;
  for (const line of (await gateway.admin('GET', '/metrics')).split('\n')) {
    const [series = '', value] = line.split(' ');
    const [named = '', carried = ''] = series.split('{');
    if (named === name && wanted.every((label) => carried.includes(label))) sum += Number(value);
  }
  return sum;
}
