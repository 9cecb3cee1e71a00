import * as z from 'zod/mini';
import type { Observation } from '../../platform/platform.ts';
import type { NewEvent } from '../events.ts';

/** The ids of the incidents that were told, by `OWNER/NAME`: of those that the platform still shows, so a few at most. */
export const toldIncidents = z.record(z.string(), z.array(z.string()));
export type ToldIncidents = z.infer<typeof toldIncidents>;

/**
 * What became of traffic and was not told yet, also while there was no control plane to tell it; and what has been told
 * then, which is to be kept for the next one. Pure.
 */
export function incidentNews(told: ToldIncidents, { endpoint, servers }: Observation): { news: NewEvent[]; told: ToldIncidents } {
  // A platform that shows nothing at this moment will show the same ones again.
  if (endpoint === null) return { news: [], told };
  const shown = servers.flatMap(({ owner, name, incidents = [] }) =>
    incidents.length > 0 ? [{ object: `${owner}/${name}`, incidents }] : [],
  );
  return {
    news: shown.flatMap(({ object, incidents }) =>
      incidents
        .filter(({ id }) => !told[object]?.includes(id))
        .map(({ type, message, time }): NewEvent => ({ type, object, message, data: { at: time } })),
    ),
    told: Object.fromEntries(shown.map(({ object, incidents }) => [object, incidents.map(({ id }) => id)])),
  };
}
