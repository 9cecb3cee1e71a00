import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runTests } from '@vscode/test-electron';
import { root } from '../../../scripts/root.ts';
import { keepEvidence, outputFolder } from './evidence.ts';
import { readResults, resultsVariable } from './host-results.ts';
import { type HostRun, leftBehind, runTimeoutMs } from './host-run.ts';
import { makePlace } from './place.ts';
import { developed } from './window.ts';
import type { WindowOptions } from './window-options.ts';

/** Opens a window of a desktop build, lets its extension host run a bundle of tests, and ends everything again. */
export async function runOnDesktop(name: string, options: WindowOptions, bundle: string, executable: string): Promise<HostRun> {
  const place = await makePlace(options.workspace && join(root, options.workspace), options.settings);
  const run: HostRun = { results: [], problem: undefined, evidence: undefined };
  const file = join(place.folder, 'results.jsonl');
  await mkdir(outputFolder, { recursive: true });
  const printed = createWriteStream(join(outputFolder, `desktop-${name}.log`));
  const tests = runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: await developed(options),
    extensionTestsPath: bundle,
    // What the editor of the person who runs this has set would reach the window otherwise.
    extensionTestsEnv: { ...unset(process.env, place.env), ...place.env, [resultsVariable]: file },
    launchArgs: [
      ...(options.open === undefined ? [place.workspace] : ['--folder-uri', options.open]),
      ...['--user-data-dir', place.userData, '--extensions-dir', place.extensions],
      ...['--disable-telemetry', '--disable-updates', '--skip-welcome', '--skip-release-notes'],
      ...((options.trusted ?? true) ? ['--disable-workspace-trust'] : []),
    ],
    stdout: printed,
    stderr: printed,
  });
  // A failed test is a status other than 0, too: what failed is in the results.
  const ended = await Promise.race([tests.then(() => true).catch(() => true), pause(runTimeoutMs, false, { ref: false })]);
  if (!ended) run.problem = `the tests did not end within ${runTimeoutMs / 1000} s`;
  run.results = await readResults(file);
  if (run.results.length === 0) run.problem ??= `no test ran: see ${printed.path}`;
  if (run.problem !== undefined || run.results.some(({ outcome }) => outcome === 'failed'))
    run.evidence = await keepEvidence(name, { place, page: undefined, said: [], printed: '' });
  const left = await place.remove();
  run.problem ??= leftBehind(left);
  return run;
}

/** The variables of an environment that another lacks, as undefined: so they are not inherited. */
function unset(inherited: NodeJS.ProcessEnv, wanted: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.keys(inherited)
      .filter((name) => !(name in wanted))
      .map((name) => [name, undefined]),
  );
}
