import type { IncomingMessage } from 'node:http';

/** Streams carry a sign of life every 15 s; three missed ones mean that nobody is there any more. */
export const silenceMs = 45_000;

/**
 * Breaks an answer off, with an error for whoever reads it, when nothing came over its connection for so long: a machine that
 * vanished says nothing, and TCP notices only where something is sent. A reader that takes its time is no silence: what has
 * arrived by then, also while this process was stopped, is looked at first.
 */
export function breakOffSilence(answer: IncomingMessage, ms: number = silenceMs): void {
  const { socket } = answer;
  let heard = socket.bytesRead;
  const onSilence = (): void => {
    // Timers come before arrivals in a turn of the event loop, so what waits at the socket is read by the next turn.
    setImmediate(() =>
      setImmediate(() => {
        if (answer.destroyed || answer.readableEnded) return;
        const isHeard = socket.bytesRead > heard || answer.readableLength > 0 || socket.readableLength > 0;
        heard = socket.bytesRead;
        if (isHeard) socket.setTimeout(ms);
        else answer.destroy(new Error(`nothing was heard for ${ms / 1000} s`));
      }),
    );
  };
  socket.setTimeout(ms, onSilence);
  // The connection is kept for other calls, which have no signs of life.
  answer.once('close', () => socket.setTimeout(0, onSilence));
}
