import type { Events } from '../../events.ts';
import type { Handlers } from '../handlers.ts';
import { wholeNumber } from '../whole-number.ts';

export function eventsHandlers(events: Events): Pick<Handlers, 'events'> {
  return {
    events: ({ query, header, signal }) => {
      // A browser's EventSource repeats the `since` of its address when it comes again; what it has read since then wins.
      const said = header('last-event-id') ?? query.since;
      const since = said === undefined ? events.last() : wholeNumber(said, "event's number");
      return events.read(since, { follow: query.follow !== 'false', signal });
    },
  };
}
