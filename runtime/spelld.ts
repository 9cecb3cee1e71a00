import { fileURLToPath } from 'node:url';
import { version } from './api/version.ts';
import { runSpelld } from './control/process/run.ts';

/**
 * The control plane's program: the store and the API of `control` over the local platform. It is told where to listen
 * (`--host`, `--port`, `--api-port`, `--tls-…`), where its state lies (`SPELL_HOME`), and nothing else; file descriptor 3, if it is
 * a pipe, gets one line: `{"ready": Status}` or `{"error": …}`.
 */
await runSpelld(process.argv.slice(2), async ({ layout, artefacts, host, port, front, say }) => {
  const { createLocalPlatform } = await import('./platform/local/local-platform.ts');
  const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const node = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return createLocalPlatform({
    home: layout.home,
    version,
    source: artefacts,
    host,
    ...(port === undefined ? {} : { port }),
    ...front,
    gateway: [...node, beside('gateway.js')],
    pythonFolder: beside('python'),
    // Without the options of this start: what they chose is remembered.
    controlPlane: { command: [...node, beside('spelld.js')], env: Object.fromEntries(own), cwd: layout.home },
    env: process.env,
    say,
  });
});
