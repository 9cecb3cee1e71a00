import type { Peer } from './peer.ts';

export const bentoml: Peer = {
  name: 'BentoML',
  requirements: ['bentoml==1.4.39', 'uvloop==0.23.0', 'httptools==0.9.0'],
  configuration:
    '`bentoml serve` (production), one worker; batches: max_batch_size 32, max_latency_ms 60000; overload: traffic.max_concurrency',
  batches: true,
  refuses: true,
  cores: 'both',
  path: '/predict',
  body: (payload, { kind }) => (kind === 'echo' ? `{"payload":${payload}}` : `{"payloads":[${payload}]}`),
  command: (bin, port) => [bin('bentoml'), 'serve', 'bentoml_app:Service', '--host', '127.0.0.1', '--port', String(port)],
  env: () => ({ BENTOML_DO_NOT_TRACK: 'True' }),
};
