import type { WindowOptions } from '../../harness/window-options.ts';

/** A folder that the person has not said to trust. */
export const window: WindowOptions = { workspace: 'test/editor/fixtures/predictor', trusted: false };
