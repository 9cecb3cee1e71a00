import { fileURLToPath } from 'node:url';
import { ControlPlane, type ControlPlaneState } from '../../client/control-plane/control-plane.ts';
import { lazyClient } from '../../client/control-plane/lazy-client.ts';
import { Inventory } from '../../client/inventory/inventory.ts';
import type { SpellError } from '../../runtime/api/errors.ts';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { Client } from '../../runtime/api/http/client-types.ts';

/** What a window of the editor knows of a control plane, without the editor. */
export interface Window {
  controlPlane: ControlPlane;
  client: Client;
  inventory: Inventory;
  /** Every state that it went through. */
  states: ControlPlaneState['kind'][];
  /** What its inventory asked, as `describeModel {"name":"scales"}`. */
  asked: string[];
  /** Every event that it was told. */
  events: SpellEvent[];
  /** Resolves when a check holds; looked at whenever something changes. */
  until(check: () => boolean): Promise<void>;
  dispose(): void;
}

export interface WindowOptions {
  version?: string;
  forbidden?: () => SpellError | undefined;
}

/** A window over a home, with the built `spelld`. */
export function openWindow(home: string, { version = '0.0.0', forbidden = () => undefined }: WindowOptions = {}): Window {
  const controlPlane = new ControlPlane({
    home,
    program: fileURLToPath(new URL('../../dist/spelld.js', import.meta.url)),
    version,
    env: process.env,
    runtime: async () => ({ node: process.execPath, env: {} }),
    forbidden,
    say: () => {},
  });
  const asked: string[] = [];
  const inventory = new Inventory(
    listened(
      lazyClient(() => controlPlane.current()),
      asked,
    ),
    controlPlane,
  );
  const states: ControlPlaneState['kind'][] = [];
  const events: SpellEvent[] = [];
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const each of [...waiting]) each();
  };
  controlPlane.onDidChange(({ kind }) => {
    states.push(kind);
    look();
  });
  controlPlane.onEvent((event) => {
    events.push(event);
    look();
  });
  for (const listing of [inventory.models, inventory.modelServers, inventory.resources]) listing.onDidChange(look);
  return {
    controlPlane,
    client: lazyClient(() => controlPlane.connect()),
    inventory,
    states,
    asked,
    events,
    until: (check) =>
      new Promise((resolve) => {
        const each = (): void => {
          if (!check()) return;
          waiting.delete(each);
          resolve();
        };
        waiting.add(each);
        each();
      }),
    dispose: () => {
      inventory.dispose();
      controlPlane.dispose();
    },
  };
}

/** The same client, which notes what it is asked. */
function listened(client: Client, asked: string[]): Client {
  return new Proxy(client, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (input: object) => unknown;
      return (input: { signal?: AbortSignal }) => {
        asked.push(`${String(name)} ${JSON.stringify({ ...input, signal: undefined })}`);
        return method(input);
      };
    },
  });
}
