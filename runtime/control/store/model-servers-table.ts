import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ServerKey } from '../../platform/platform.ts';
import { integer, integerOrNull, type Row, text } from './rows.ts';

/** What its user wants of a model server, and how far that is: everything else follows from the rollout and from what is observed. */
export const lifecycles = ['running', 'stopping', 'stopped', 'removing'] as const;
export type Lifecycle = (typeof lifecycles)[number];

export interface ModelServerRecord extends ServerKey {
  /** `removing`: it is gone for people, and stays here until the platform has forgotten it too. */
  lifecycle: Lifecycle;
  /** The highest number that a revision ever had. */
  lastRevision: number;
  /** The revision that answers, or that answered when it was stopped; null while none ever got ready. */
  active: number | null;
  /** A revision that was made while it was stopped: the next start starts it. */
  pending: number | null;
  /** How many pods the autoscaler found it to need; null where it has not changed `min-pods`. */
  pods: number | null;
  createdAt: string;
  creator: string;
}

export class ModelServersTable {
  readonly #all: StatementSync;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#all = database.prepare('SELECT * FROM model_servers ORDER BY owner, name');
    this.#get = database.prepare('SELECT * FROM model_servers WHERE owner = ? AND name = ?');
    this.#put = database.prepare(
      `INSERT INTO model_servers (owner, name, lifecycle, last_revision, active, pending, pods, created_at, creator)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (owner, name) DO UPDATE SET lifecycle = excluded.lifecycle, last_revision = excluded.last_revision,
         active = excluded.active, pending = excluded.pending, pods = excluded.pods,
         created_at = excluded.created_at, creator = excluded.creator`,
    );
    this.#remove = database.prepare('DELETE FROM model_servers WHERE owner = ? AND name = ?');
  }

  /** All of them, also those that are being removed. */
  all(): ModelServerRecord[] {
    return this.#all.all().map(readModelServer);
  }

  get({ owner, name }: ServerKey): ModelServerRecord | undefined {
    const row = this.#get.get(owner, name);
    return row && readModelServer(row);
  }

  put({ owner, name, lifecycle, lastRevision, active, pending, pods, createdAt, creator }: ModelServerRecord): void {
    this.#put.run(owner, name, lifecycle, lastRevision, active, pending, pods, createdAt, creator);
  }

  /** With its revisions and rollouts. */
  remove({ owner, name }: ServerKey): void {
    this.#remove.run(owner, name);
  }
}

function readModelServer(row: Row): ModelServerRecord {
  return {
    owner: text(row, 'owner'),
    name: text(row, 'name'),
    lifecycle: text(row, 'lifecycle') as Lifecycle,
    lastRevision: integer(row, 'last_revision'),
    active: integerOrNull(row, 'active'),
    pending: integerOrNull(row, 'pending'),
    pods: integerOrNull(row, 'pods'),
    createdAt: text(row, 'created_at'),
    creator: text(row, 'creator'),
  };
}
