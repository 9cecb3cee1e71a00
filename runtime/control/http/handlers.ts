import type { Readable } from 'node:stream';
import type * as z from 'zod/mini';
import type { RouteName, routes } from '../../api/routes.ts';

type Routes = typeof routes;
type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type QueryOf<R> = R extends { query: infer Q extends z.ZodMiniType } ? z.output<Q> : undefined;
type BodyOf<R> = R extends { body: 'bytes' }
  ? AsyncIterable<Uint8Array>
  : R extends { body: infer B extends z.ZodMiniType }
    ? z.output<B>
    : undefined;
type AnswerOf<R> = R extends { answer: 'bytes' }
  ? RawContent
  : R extends { answer: { events: infer E extends z.ZodMiniType } }
    ? AsyncIterable<z.output<E>>
    : R extends { answer: { lines: infer L extends z.ZodMiniType } }
      ? AsyncIterable<z.output<L>>
      : R extends { answer: infer A extends z.ZodMiniType }
        ? z.output<A>
        : never;

/** Bytes as an answer. */
export interface RawContent {
  bytes: Readable;
  size: number;
}

/** A request that was let in and checked against its route's schemas. */
export interface Call<K extends RouteName> {
  params: Record<ParamNames<Routes[K]['path']>, string>;
  query: QueryOf<Routes[K]>;
  body: BodyOf<Routes[K]>;
  /** A request header, in any case. */
  header: (name: string) => string | undefined;
  /** Aborts when the caller has gone, or the control plane ends. */
  signal: AbortSignal;
}

/** What a route does. Whatever it throws becomes the error of its answer. */
export type Handler<K extends RouteName> = (call: Call<K>) => AnswerOf<Routes[K]> | Promise<AnswerOf<Routes[K]>>;

/** One handler for every route: a route without one does not compile. */
export type Handlers = { [K in RouteName]: Handler<K> };
