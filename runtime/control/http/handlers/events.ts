import type { Events } from '../../events.ts';
import type { Handlers } from '../handlers.ts';
import { wholeNumber } from '../whole-number.ts';

export function eventsHandlers(events: Events): Pick<Handlers, 'events'> {
  return {
    events: ({ query, header, signal }) => {
      // A browser's EventSource repeats the `since` of its address when it comes again; what it has read since then wins.
      const said = header('last-event-id') ?? query.since;
      const since = said === undefined ? (query.tail === undefined ? events.last() : 0) : wholeNumber(said, "event's number");
      // Numbers have no gaps, so those of the newest are known.
      const newest = query.tail === undefined ? 0 : events.last() - wholeNumber(query.tail, 'number of events');
      return events.read(Math.max(since, newest), { follow: query.follow !== 'false', signal });
    },
  };
}
