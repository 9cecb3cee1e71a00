import { idPlace } from '../load/plan.ts';
import type { Peer } from './peer.ts';

export const mlserver: Peer = {
  name: 'MLServer',
  // Its parallel workers do not start under a newer uvloop.
  requirements: ['mlserver==1.7.1', 'uvloop==0.21.0', 'httptools==0.9.0'],
  configuration:
    'debug off, no metrics; no-op: in the server process (parallel_workers 0, its fastest); batches: one parallel worker, max_batch_size 32, max_batch_time 10 ms',
  batches: true,
  refuses: false,
  cores: 'both',
  path: '/v2/models/bench/infer',
  body: tensorsOf,
  command: (bin) => [bin('mlserver'), 'start', '.'],
  env: (port, { kind }, otherPort) => ({
    PYTHONPATH: '.',
    MLSERVER_DEBUG: 'false',
    MLSERVER_HOST: '127.0.0.1',
    MLSERVER_HTTP_PORT: String(port),
    MLSERVER_GRPC_PORT: String(otherPort),
    MLSERVER_METRICS_ENDPOINT: '',
    MLSERVER_PARALLEL_WORKERS: kind === 'echo' ? '0' : '1',
    MLSERVER_MODEL_NAME: 'bench',
    MLSERVER_MODEL_IMPLEMENTATION: kind === 'echo' ? 'mlserver_app.Echo' : 'mlserver_app.Batches',
    ...(kind === 'batches' && { MLSERVER_MODEL_MAX_BATCH_SIZE: '32', MLSERVER_MODEL_MAX_BATCH_TIME: '0.01' }),
  }),
};

/** The payload that all get: this protocol knows tensors only. */
function tensorsOf(payload: string): string {
  const { values, name } = JSON.parse(payload.replace(idPlace, '0')) as { values: number[]; name: string };
  const inputs = [
    { name: 'values', shape: [1, values.length], datatype: 'FP64', data: values },
    { name: 'name', shape: [1, 1], datatype: 'BYTES', data: [name] },
    { name: 'id', shape: [1, 1], datatype: 'INT64', data: [idPlace] },
  ];
  return JSON.stringify({ inputs }).replace(`"${idPlace}"`, idPlace);
}
