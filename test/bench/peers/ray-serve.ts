import type { Peer } from './peer.ts';

export const rayServe: Peer = {
  name: 'Ray Serve',
  requirements: ['ray[serve]==2.60.0'],
  configuration:
    'one replica, no dashboard, access log off; batches: max_batch_size 32, batch_wait_timeout_s 0.01; overload: max_queued_requests',
  batches: true,
  refuses: true,
  cores: 'both',
  path: '/predict',
  body: (payload) => payload,
  command: (bin) => [bin('python'), 'ray_serve_app.py'],
  env: () => ({ RAY_USAGE_STATS_ENABLED: '0', RAY_DEDUP_LOGS: '0' }),
};
