import type { EndpointCode } from './endpoint.ts';

/** An endpoint that answered with an error: its own code (`queue-full`), or the predictor's status. Exit status 1. */
export class EndpointRefusal extends Error {
  readonly code: EndpointCode;
  readonly hint: string;

  constructor(code: EndpointCode, message: string, hint: string) {
    super(message);
    this.name = 'EndpointRefusal';
    this.code = code;
    this.hint = hint;
  }
}
