import type { DatabaseSync } from 'node:sqlite';
import type { Backups } from './backups.ts';
import { EventsTable } from './events-table.ts';
import { FactsTable } from './facts-table.ts';
import { ModelServersTable } from './model-servers-table.ts';
import { ModelsTable } from './models-table.ts';
import { ResourcesTable } from './resources-table.ts';
import { RevisionsTable } from './revisions-table.ts';
import { RolloutsTable } from './rollouts-table.ts';
import { RunsTable } from './runs-table.ts';
import { explainSqliteError } from './sqlite-errors.ts';
import { transaction } from './transaction.ts';

/** The tables of one database, and the way to change several of them at once. */
export class Store {
  readonly facts: FactsTable;
  readonly resources: ResourcesTable;
  readonly runs: RunsTable;
  readonly models: ModelsTable;
  readonly modelServers: ModelServersTable;
  readonly revisions: RevisionsTable;
  readonly rollouts: RolloutsTable;
  readonly events: EventsTable;
  readonly #database: DatabaseSync;
  readonly #home: string;
  readonly #backups: Backups | undefined;

  /** `home` is named in errors about the disk. */
  constructor(database: DatabaseSync, home: string, backups?: Backups) {
    this.#database = database;
    this.#home = home;
    this.#backups = backups;
    this.facts = new FactsTable(database);
    this.resources = new ResourcesTable(database);
    this.runs = new RunsTable(database);
    this.models = new ModelsTable(database);
    this.modelServers = new ModelServersTable(database);
    this.revisions = new RevisionsTable(database);
    this.rollouts = new RolloutsTable(database);
    this.events = new EventsTable(database);
  }

  /**
   * Runs `work` in one transaction; it is on the disk when this returns. Throws what `work` throws, and `disk-full` or
   * `home-unwritable`; nothing was changed then.
   */
  change<T>(work: () => T): T {
    try {
      const result = transaction(this.#database, work);
      this.#backups?.changed();
      return result;
    } catch (error) {
      throw explainSqliteError(error, this.#home);
    }
  }
}
