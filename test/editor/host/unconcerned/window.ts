import type { WindowOptions } from '../../harness/window-options.ts';

/** A project that has nothing to do with model servers. */
export const window: WindowOptions = { workspace: 'test/editor/fixtures/unconcerned' };
