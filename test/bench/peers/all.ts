import { bentoml } from './bentoml.ts';
import { fastapi } from './fastapi.ts';
import { litserve } from './litserve.ts';
import { mlserver } from './mlserver.ts';
import type { Peer } from './peer.ts';
import { rayServe } from './ray-serve.ts';
import { starlette } from './starlette.ts';

/** In the order of the tables. */
export const peers: readonly Peer[] = [starlette, fastapi, litserve, bentoml, mlserver, rayServe];
