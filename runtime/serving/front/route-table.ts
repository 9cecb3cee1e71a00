import { endpointPath } from '../../api/endpoint.ts';
import type { ModelServer } from '../model-server.ts';

const verbs = ['predict', 'health', 'ready'] as const;
export type Verb = (typeof verbs)[number];

/** Where a path leads. */
export interface Route {
  server: ModelServer;
  verb: Verb;
}

/** All paths there are. A request costs one look-up with its path as it came. */
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
    return this.#routes.get(target) ?? this.#routes.get(pathOf(target));
  }
}

/** A path without its query. */
export function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

/** A request target as a path and a query, also where it came as a whole URL (RFC 9112 §3.2.2). */
export function originForm(target: string): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
}
