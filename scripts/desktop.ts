import { build } from './build.ts';
import { runEditorTests } from './testing/editor/editor-tests.ts';
import { conclude } from './testing/tally.ts';

/** `npm run test:desktop [-- WORD…]`: the tests of the extension host in a desktop build of VS Code. */
await build();
process.exitCode = conclude(await runEditorTests('desktop', process.argv.slice(2)));
