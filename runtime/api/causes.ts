/**
 * How a prediction ended, and why: one closed list. It says more than the status: who refused a 429, how far a request
 * was that is answered 504, and what clients never see because they are gone.
 */
export const causes = {
  answered: 'the predictor answered, with whatever status',
  'bad-request': 'a header of the request makes no sense',
  'bad-json': 'the body is not JSON',
  'too-large': 'the body is larger than max-request-size',
  'request-timeout': 'the client sent its body too slowly',
  'invalid-payload': 'the payload does not match its annotation',
  'queue-full': 'max-queue requests waited already',
  'gateway-full': 'the gateway held as many requests as it can',
  'not-ready': 'no pod was ready, and start-wait was over',
  stopped: 'the model server is stopped',
  unhealthy: 'no pod is healthy',
  removed: 'the model server was removed while the request waited',
  'deadline-receiving': 'its time was over before its body had come',
  'deadline-waiting': 'its time was over while it waited; it never ran',
  'deadline-running': 'its time was over while a worker had it',
  'gone-receiving': 'its client hung up before its body had come',
  'gone-waiting': 'its client hung up while it waited; it never ran',
  'gone-running': 'its client hung up while a worker had it',
  'gone-reading': 'its client hung up in the middle of a streamed answer',
  'predictor-error': 'the predictor raised',
  poison: 'alone it made the predictor raise, or killed the worker, after its batch had',
  'bad-result': 'the predictor returned what cannot be sent',
  'worker-died': 'the worker died while it had the request',
  'broken-off': 'a streamed answer ended in its middle',
} as const satisfies Record<string, string>;

/** Why a prediction ended. */
export type Cause = keyof typeof causes;

/** All of them, in the order of the table. */
export const causeNames: readonly Cause[] = Object.keys(causes) as Cause[];
