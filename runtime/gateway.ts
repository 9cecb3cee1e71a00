import { homeLayout } from './api/home.ts';
import { findGpus } from './platform/local/gpus/find-gpus.ts';
import { confineToGpus } from './platform/local/gpus/gpu-confinement.ts';
import { confineLocally } from './platform/local/limits/local-confinement.ts';
import { runGateway } from './serving/gateway.ts';

/** The gateway's program on a laptop: the request path of `serving`, with this machine's ways to keep pods within their limits. */
await runGateway(async ({ home }, log) => {
  const limits = await confineLocally({ home, folder: homeLayout(home).platform, forced: process.env.SPELL_LIMITS, say: log });
  const confinement = confineToGpus((closed) => findGpus(process.env, closed), limits);
  const gpus = confinement.found.then(
    ({ length }) => length,
    (error: Error) => {
      log(`no pod gets a GPU: ${error.message}`);
      return 0;
    },
  );
  return { confinement, limits: limits.enforcement, gpus };
});
