import type { SendProgress } from '../../api/project/send-contents.ts';
import { shownSize } from '../../api/shown-size.ts';
import type { Terminal } from './terminal.ts';

/** Work shorter than this needs no progress. */
const shownAfterMs = 1000;
const redrawnEveryMs = 100;

/** Shows how far something is. `end` clears what was drawn. */
export interface Progress<T> {
  update(far: T): void;
  end(): void;
}

/** How far a sending is, in bytes and files. */
export function showSending(terminal: Terminal, what: string, now: () => number = Date.now): Progress<SendProgress> {
  const drawing = showLine(terminal, `sending ${what}`, now);
  return {
    update: ({ files, bytes }) => drawing.update({ done: bytes.sent, total: bytes.total, more: `, ${files.sent} of ${files.total} files` }),
    end: drawing.end,
  };
}

/** How much of so many bytes was read. Each update says how much more. */
export function showReading(terminal: Terminal, what: string, total: number, now: () => number = Date.now): Progress<number> {
  const drawing = showLine(terminal, `reading ${what}`, now);
  let done = 0;
  return {
    update: (more) => {
      done += more;
      drawing.update({ done, total, more: '' });
    },
    end: drawing.end,
  };
}

interface Bytes {
  done: number;
  total: number;
  /** What stands behind them. */
  more: string;
}

/** On a terminal a line that is drawn anew, elsewhere one line once it takes long. */
function showLine(terminal: Terminal, what: string, now: () => number): Progress<Bytes> {
  const began = now();
  let shown = 0;
  return {
    update({ done, total, more }) {
      const time = now();
      if (time - began < shownAfterMs) return;
      if (terminal.canRedraw) {
        if (time - shown < redrawnEveryMs) return;
        terminal.showTransient(`${what}: ${shownSize(done)} of ${shownSize(total)}${more}`);
      } else if (shown === 0) terminal.say(`${what}: ${shownSize(total)}`);
      shown = time;
    },
    end() {
      if (shown > 0) terminal.showTransient('');
    },
  };
}
