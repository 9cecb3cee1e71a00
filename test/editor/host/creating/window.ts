import type { WindowOptions } from '../../harness/window-options.ts';

export const window: WindowOptions = {};
