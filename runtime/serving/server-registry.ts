import type { GatewayServer, GatewayServerObserved } from './admin.ts';
import type { Clock } from './clock.ts';
import type { RouteTable } from './front/route-table.ts';
import { serverLogFolder } from './logs/read.ts';
import { LogRetention } from './logs/retention.ts';
import { ServerLogs } from './logs/server-logs.ts';
import { ModelServer, type ModelServerSurroundings } from './model-server.ts';

/** All model servers of the gateway, and where their endpoints are. */
export class ServerRegistry {
  readonly #servers: Map<string, { server: ModelServer; logs: ServerLogs }> = new Map();
  /** Removed ones whose pods still drain. */
  readonly #leaving: Map<ModelServer, Promise<void>> = new Map();
  readonly #routes: RouteTable;
  readonly #podLogs: string;
  readonly #retention: LogRetention;
  readonly #around: Omit<ModelServerSurroundings, 'logs'>;

  constructor(routes: RouteTable, podLogs: string, around: Omit<ModelServerSurroundings, 'logs'>) {
    this.#routes = routes;
    this.#podLogs = podLogs;
    this.#retention = new LogRetention(podLogs);
    this.#around = around;
  }

  get clock(): Clock {
    return this.#around.clock;
  }

  apply(desired: GatewayServer): void {
    const key = `${desired.owner}/${desired.name}`;
    let entry = this.#servers.get(key);
    if (!entry) {
      const logs = new ServerLogs(serverLogFolder(this.#podLogs, desired.owner, desired.name), this.clock, this.#retention);
      entry = { server: new ModelServer(desired, { ...this.#around, logs }), logs };
      this.#servers.set(key, entry);
      this.#routes.add(entry.server);
    }
    entry.server.apply(desired);
  }

  /** Forgets a model server: 404 from now on; its pods drain, then its logs go. One that is not there is forgotten already. */
  remove(owner: string, name: string): void {
    const key = `${owner}/${name}`;
    const entry = this.#servers.get(key);
    if (!entry) return;
    this.#servers.delete(key);
    this.#routes.remove(entry.server);
    const gone = entry.server.remove().then(async () => {
      // One of the same name may have been served meanwhile: then the folder is its.
      if (!this.#servers.has(key)) await entry.logs.remove();
    });
    this.#leaving.set(entry.server, gone);
    void gone.finally(() => {
      this.#leaving.delete(entry.server);
      this.#around.changed();
    });
    this.#around.changed();
  }

  logs(owner: string, name: string): ServerLogs | undefined {
    return this.#servers.get(`${owner}/${name}`)?.logs;
  }

  /** All model servers, in no order. */
  get servers(): ModelServer[] {
    return [...this.#servers.values()].map(({ server }) => server);
  }

  /** Also removed ones while they have pods, unless their name was taken meanwhile. */
  observe(): GatewayServerObserved[] {
    const leaving = [...this.#leaving.keys()].filter(({ owner, name }) => !this.#servers.has(`${owner}/${name}`));
    return [...this.servers, ...leaving].map((server) => server.observe());
  }

  rebalance(now: number): void {
    for (const { server } of this.#servers.values()) server.flow.rebalance(now);
  }

  supervise(): void {
    for (const { server } of this.#servers.values()) server.supervise();
  }

  /** Ends all pods of all model servers; their endpoints answer 503 until the process ends. */
  async close(): Promise<void> {
    await Promise.all([...this.servers.map((server) => server.close()), ...this.#leaving.values()]);
    await Promise.all([...this.#servers.values()].map(({ logs }) => logs.flush()));
  }
}
