import { homeLayout } from './api/home.ts';
import { confineLocally } from './platform/local/limits/local-confinement.ts';
import { runGateway } from './serving/gateway.ts';

/** The gateway's program on a laptop: the request path of `serving`, with this machine's ways to keep pods within their limits. */
await runGateway(async ({ home }, log) => {
  const confinement = await confineLocally({ home, folder: homeLayout(home).platform, forced: process.env.SPELL_LIMITS, say: log });
  return { confinement, limits: confinement.enforcement };
});
