import { build } from './build.ts';
import { runEditorTests } from './testing/editor/editor-tests.ts';
import { runNodeTests } from './testing/node-tests.ts';
import { runPythonTests } from './testing/python-tests.ts';
import { conclude, sum } from './testing/tally.ts';

/** Everything: the tests beside the code, the Python side's, then those that cross rooms, against what was just built. */
await build();
const unit = await runNodeTests(['{runtime,server,client,scripts}/**/*.test.ts']);
const python = await runPythonTests();
// Two files at a time, on however many cores: these start whole control planes, and must not starve one another.
const crossing = await runNodeTests(['test/!(editor)/**/*.test.ts'], 2);
const editor = await runEditorTests('browser');
process.exitCode = conclude(sum([unit, python, crossing, editor]));
