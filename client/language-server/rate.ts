/** How many requests had come to an endpoint at a moment (in milliseconds). */
export interface Count {
  readonly at: number;
  readonly requests: number;
}

/** Requests per second between two counts; null where there is none to compare with, or the counter began anew. */
export function rateBetween(before: Count | undefined, now: Count): number | null {
  if (!before || now.at <= before.at || now.requests < before.requests) return null;
  return ((now.requests - before.requests) * 1000) / (now.at - before.at);
}
