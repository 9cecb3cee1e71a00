import type { SpellEvent } from '../../api/events.ts';

/** How often a silent stream says that it is alive: proxies and clients give up on silence. */
const heartbeatMs = 15_000;

/** Events as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html); the id is the event's number. */
export function eventStream(events: AsyncIterable<SpellEvent>, ended: () => void): ReadableStream<Uint8Array> {
  return textStream(events, (event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`, ended, ': heartbeat\n\n');
}

/** One JSON object a line; an empty line is a sign of life. */
export function lineStream(objects: AsyncIterable<unknown>, ended: () => void): ReadableStream<Uint8Array> {
  return textStream(objects, (object) => `${JSON.stringify(object)}\n`, ended, '\n');
}

/**
 * Takes from `source` as fast as the reader reads. `ended` is called once, when the source has ended or the reader has
 * gone. It begins with a heartbeat, so that the answer's head is sent before there is anything to say.
 */
function textStream<T>(
  source: AsyncIterable<T>,
  write: (value: T) => string,
  ended: () => void,
  heartbeat: string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = source[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearInterval(timer);
    ended();
  };
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(heartbeat));
      timer = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(heartbeat));
      }, heartbeatMs).unref();
    },
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (!next.done) return controller.enqueue(encoder.encode(write(next.value)));
        end();
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel() {
      end();
      await iterator.return?.();
    },
  });
}
