import type { Peer } from './peer.ts';

export const litserve: Peer = {
  name: 'LitServe',
  requirements: ['litserve==0.2.19'],
  configuration: 'one worker, one API server process, log level warning; batches: max_batch_size 32, batch_timeout 10 ms',
  batches: true,
  refuses: false,
  cores: 'both',
  path: '/predict',
  body: (payload) => payload,
  command: (bin) => [bin('python'), 'litserve_app.py'],
};
