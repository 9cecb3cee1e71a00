import { shownSize } from '../../../api/shown-size.ts';

/** How a worker ended that wanted more than `ram-limit`; goes on where `the worker` began a sentence. */
export function ranOutOfMemory(limitBytes: number): string {
  return `ran out of memory: its pod may use ${shownSize(limitBytes)} (ram-limit)`;
}
