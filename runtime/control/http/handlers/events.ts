import { SpellError } from '../../../api/errors.ts';
import type { Events } from '../../events.ts';
import type { Handlers } from '../handlers.ts';

export function eventsHandlers(events: Events): Pick<Handlers, 'events'> {
  return {
    events: ({ query, header, signal }) => {
      // A browser's EventSource repeats the `since` of its address when it comes again; what it has read since then wins.
      const said = header('last-event-id') ?? query.since;
      const since = said === undefined ? events.last() : eventNumber(said);
      return events.read(since, { follow: query.follow !== 'false', signal });
    },
  };
}

function eventNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0 && text.trim() !== '') return number;
  throw new SpellError(
    'bad-request',
    `${JSON.stringify(text)} is no event's number`,
    "an event's number is its `seq`; 0 begins with the oldest",
  );
}
