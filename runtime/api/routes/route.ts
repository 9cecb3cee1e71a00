import * as z from 'zod/mini';

/**
 * One verb of the control plane's API: what checks its request, makes its line in the OpenAPI document, and types the
 * client. `stream` answers are server-sent events (`events`) or one JSON object a line (`lines`); `bytes` are raw.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with `:name` for a parameter. */
  path: string;
  summary: string;
  query?: z.ZodMiniType;
  body?: z.ZodMiniType | 'bytes';
  answer: z.ZodMiniType | 'bytes' | { events: z.ZodMiniType } | { lines: z.ZodMiniType };
  status: 200 | 201 | 202 | 204;
}

/** The answer of a verb that has none. */
export const none = z.null();

/** A yes or no in a query. */
export const flag = z.optional(z.enum(['true', 'false']));
