import type { Readable } from 'node:stream';
import type * as z from 'zod/mini';
import type { RouteName, routes } from '../routes.ts';
import type { AnswerKind } from './route-lines.ts';

type Route<K extends RouteName> = (typeof routes)[K];

/** `/a/:owner/:name` → `{ owner: string; name: string }`. */
type PathParameters<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? { [N in Name]: string } & PathParameters<Rest>
  : P extends `${string}:${infer Name}`
    ? { [N in Name]: string }
    : unknown;

type Query<K extends RouteName> = Route<K> extends { query: infer Q extends z.ZodMiniType } ? { query?: z.input<Q> } : unknown;

/** Raw bytes travel as a stream of known length; `size` becomes the `content-length`. */
type Body<K extends RouteName> =
  Route<K> extends { body: infer B } ? (B extends z.ZodMiniType ? { body: z.input<B> } : { body: Readable; size: number }) : unknown;

/** What one call is made with: the path's parameters by name, `query`, `body`, and a signal that ends it. */
export type CallInput<K extends RouteName> = PathParameters<Route<K>['path']> & Query<K> & Body<K> & { signal?: AbortSignal };

/** What one call answers. A route without an answer resolves to null. */
export type CallAnswer<K extends RouteName> = Route<K>['answer'] extends infer A
  ? A extends 'bytes'
    ? Promise<Readable>
    : A extends { events: infer E extends z.ZodMiniType }
      ? AsyncIterable<z.output<E>>
      : A extends { lines: infer L extends z.ZodMiniType }
        ? AsyncIterable<z.output<L>>
        : A extends z.ZodMiniType
          ? Promise<z.output<A>>
          : never
  : never;

/** One method of the client. Its argument may be left out when nothing in it is required. */
export type Call<K extends RouteName> =
  object extends CallInput<K> ? (input?: CallInput<K>) => CallAnswer<K> : (input: CallInput<K>) => CallAnswer<K>;

/**
 * The control plane's API: a method for every route. All reject with a `SpellError`: the control plane's own, or
 * `unreachable` when no control plane answers. Streams (`events`, `lines`) are asked for when they are iterated, end
 * when the other side ends them, and throw `unreachable` when the connection breaks.
 */
export type Client = { readonly [K in RouteName]: Call<K> } & {
  /** Where it talks to. */
  readonly url: string;
  /** Ends the kept connections; a program with nothing else to do then ends by itself. */
  close(): void;
};

/** The routes whose answers arrive in one of the ways. */
export type RoutesOfKind<Kind> = { [K in RouteName]: AnswerKind<K> extends Kind ? K : never }[RouteName];
