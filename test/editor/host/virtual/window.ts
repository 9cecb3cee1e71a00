import type { WindowOptions } from '../../harness/window-options.ts';

/** A folder that is on no disk: the runner extension has it in memory. */
export const window: WindowOptions = { open: 'memory:/project' };
