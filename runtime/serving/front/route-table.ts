import { endpointPath } from '../../api/endpoint.ts';
import type { ModelServer } from '../model-server.ts';

const verbs = ['predict', 'health', 'ready'] as const;
export type Verb = (typeof verbs)[number];

/** Where a path leads. */
export interface Route {
  server: ModelServer;
  verb: Verb;
}

/** All paths there are. A request costs one look-up with its path as it came; one with escapes costs another. */
export class RouteTable {
  readonly #routes: Map<string, Route> = new Map();

  add(server: ModelServer): void {
    for (const verb of verbs) this.#routes.set(endpointPath(server.owner, server.name, verb), { server, verb });
  }

  remove(server: ModelServer): void {
    for (const verb of verbs) {
      const path = endpointPath(server.owner, server.name, verb);
      if (this.#routes.get(path)?.server === server) this.#routes.delete(path);
    }
  }

  /** Where a path leads, perhaps with a query. */
  find(target: string): Route | undefined {
    const path = pathOf(target);
    return this.#routes.get(path) ?? (path.includes('%') ? this.#routes.get(unescaped(path)) : undefined);
  }
}

/** A path without its query. */
export function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

/**
 * A path without escapes that mean nothing: an unreserved character is the same with one as without (RFC 3986 §6.2.2.2), and
 * names are made of no others. All other escapes stay, `%2F` above all, and are nobody's name; `..` is taken for no step
 * upwards, however it is written. So nobody on the way can have read a path that leads somewhere as another one.
 */
export function unescaped(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}/g, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : triplet;
  });
}

/** A request target as a path and a query, also where it came as a whole URL (RFC 9112 §3.2.2). */
export function originForm(target: string): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
}
