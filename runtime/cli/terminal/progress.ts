import type { SendProgress } from '../../api/project/send-contents.ts';
import { shownSize } from '../../api/shown-size.ts';
import type { Terminal } from './terminal.ts';

/** Work shorter than this needs no progress. */
const shownAfterMs = 1000;
const redrawnEveryMs = 100;

/**
 * Shows how far a sending is: on a terminal a line that is drawn anew, elsewhere one line once it takes long.
 * `end` clears what was drawn.
 */
export function showSending(
  terminal: Terminal,
  what: string,
  now: () => number = Date.now,
): { update(progress: SendProgress): void; end(): void } {
  const began = now();
  let shown = 0;
  return {
    update({ files, bytes }) {
      const time = now();
      if (time - began < shownAfterMs) return;
      if (terminal.canRedraw) {
        if (time - shown < redrawnEveryMs) return;
        terminal.showTransient(
          `sending ${what}: ${shownSize(bytes.sent)} of ${shownSize(bytes.total)}, ${files.sent} of ${files.total} files`,
        );
      } else if (shown === 0) terminal.say(`sending ${what}: ${shownSize(bytes.total)}`);
      shown = time;
    },
    end() {
      if (shown > 0) terminal.showTransient('');
    },
  };
}
