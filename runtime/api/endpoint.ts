/** The codes that a prediction can be refused with, and their HTTP status (`spec/surfaces.md` §3). */
export const endpointCodes = {
  'bad-json': 400,
  'bad-request': 400,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'too-large': 413,
  'invalid-payload': 422,
  'queue-full': 429,
  'not-ready': 503,
  stopped: 503,
  unhealthy: 503,
  deadline: 504,
  'predictor-error': 500,
  'bad-result': 500,
  'worker-died': 500,
} as const satisfies Record<string, number>;

/** One of the codes of the endpoint. */
export type EndpointCode = keyof typeof endpointCodes;

/** The path of one verb of a model server, on any gateway: `/local/digits/predict`. */
export function endpointPath(owner: string, name: string, verb: 'predict' | 'health' | 'ready'): string {
  return `/${owner}/${name}/${verb}`;
}
