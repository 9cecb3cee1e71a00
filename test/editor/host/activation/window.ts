import type { WindowOptions } from '../../harness/window-options.ts';

/** An empty folder, in which nothing wants the extension yet. */
export const window: WindowOptions = {};
