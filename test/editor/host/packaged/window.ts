import type { WindowOptions } from '../../harness/window-options.ts';

/** What ships: the VSIX in an editor that has nothing else of ours. */
export const window: WindowOptions = { workspace: 'test/editor/fixtures/predictor', extension: 'packaged' };
