import type { Peer } from './peer.ts';
import { uvicorn } from './uvicorn.ts';

export const fastapi: Peer = {
  name: 'FastAPI',
  requirements: ['fastapi==0.165.0', 'starlette==1.10.0', 'uvicorn[standard]==0.54.0'],
  configuration: 'uvicorn with uvloop and httptools, one process, no access log',
  batches: false,
  refuses: false,
  cores: 'one',
  path: '/predict',
  body: (payload) => payload,
  command: (bin, port) => uvicorn(bin, port, 'fastapi_app:app'),
};
