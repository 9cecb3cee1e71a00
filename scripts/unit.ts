import { runNodeTests } from './testing/node-tests.ts';
import { conclude } from './testing/tally.ts';

/** What one runs while typing: the tests beside the code, without a browser or a network. */
process.exitCode = conclude(await runNodeTests(['{runtime,server,client,scripts}/**/*.test.ts']));
