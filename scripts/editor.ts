import { build } from './build.ts';
import { runEditorTests } from './testing/editor/editor-tests.ts';
import { conclude } from './testing/tally.ts';

/** `npm run test:editor [-- WORD…]`: the tests in a real VS Code, or those whose file contains one of the words. */
await build();
process.exitCode = conclude(await runEditorTests('browser', process.argv.slice(2)));
