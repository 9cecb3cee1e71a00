import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { rolloutStates, StartFailure } from '../../api/objects.ts';
import type { ServerKey } from '../../platform/platform.ts';
import { integer, integerOrNull, json, jsonOrNull, type Row, text, textOrNull } from './rows.ts';

export type RolloutState = (typeof rolloutStates)[number];

/** The way from one revision to another, and how far it is. */
export interface RolloutRecord {
  id: number;
  revision: number;
  /** The revision that answers meanwhile; null when none does (the first rollout, or a start). */
  from: number | null;
  state: RolloutState;
  /** Where the old revision has to end before the new one can start: still needed until the new one has all but its place, then gone. */
  recreate: 'preparing' | 'replacing' | null;
  /** Why it failed or was superseded. */
  reason: string | null;
  failure: StartFailure | null;
  log: string[];
  /** What it waits for, as it was last told. */
  stage: string | null;
  /** How many pods of the new revision were ready when last seen. */
  ready: number;
  /** When it has failed for want of progress; null while that clock stands still (nothing observed yet, or an environment is being made). */
  deadline: string | null;
  startedAt: string;
  endedAt: string | null;
}

export class RolloutsTable {
  readonly #last: StatementSync;
  readonly #failed: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #removeAll: StatementSync;

  constructor(database: DatabaseSync) {
    this.#last = database.prepare('SELECT * FROM rollouts WHERE owner = ? AND name = ? ORDER BY id DESC LIMIT 1');
    this.#failed = database.prepare(
      "SELECT revision, reason FROM rollouts WHERE owner = ? AND name = ? AND state = 'failed' AND reason IS NOT NULL ORDER BY id",
    );
    this.#insert = database.prepare(
      `INSERT INTO rollouts (owner, name, revision, from_revision, recreate, state, log, ready, started_at)
       VALUES (?, ?, ?, ?, ?, 'progressing', '[]', 0, ?)`,
    );
    this.#update = database.prepare(
      `UPDATE rollouts SET state = ?, recreate = ?, reason = ?, failure = ?, log = ?, stage = ?, ready = ?, deadline = ?, ended_at = ? WHERE id = ?`,
    );
    this.#removeAll = database.prepare('DELETE FROM rollouts WHERE owner = ? AND name = ?');
  }

  /** The newest one; undefined before the first. */
  last({ owner, name }: ServerKey): RolloutRecord | undefined {
    const row = this.#last.get(owner, name);
    return row && readRollout(row);
  }

  /** Why revisions failed, each the last time that it did. */
  failures({ owner, name }: ServerKey): Map<number, string> {
    return new Map(this.#failed.all(owner, name).map((row) => [integer(row, 'revision'), text(row, 'reason')]));
  }

  /** `recreate`: the old revision may end before the new one is ready. */
  begin({ owner, name }: ServerKey, revision: number, from: number | null, startedAt: string, recreate = false): void {
    this.#insert.run(owner, name, revision, from, recreate ? 'preparing' : null, startedAt);
  }

  update({ id, state, recreate, reason, failure, log, stage, ready, deadline, endedAt }: RolloutRecord): void {
    const failureText = failure === null ? null : JSON.stringify(failure);
    this.#update.run(state, recreate, reason, failureText, JSON.stringify(log), stage, ready, deadline, endedAt, id);
  }

  removeAll({ owner, name }: ServerKey): void {
    this.#removeAll.run(owner, name);
  }
}

function readRollout(row: Row): RolloutRecord {
  return {
    id: integer(row, 'id'),
    revision: integer(row, 'revision'),
    from: integerOrNull(row, 'from_revision'),
    state: text(row, 'state') as RolloutState,
    recreate: textOrNull(row, 'recreate') as RolloutRecord['recreate'],
    reason: textOrNull(row, 'reason'),
    failure: jsonOrNull<StartFailure>(row, 'failure'),
    log: json<string[]>(row, 'log'),
    stage: textOrNull(row, 'stage'),
    ready: integer(row, 'ready'),
    deadline: textOrNull(row, 'deadline'),
    startedAt: text(row, 'started_at'),
    endedAt: textOrNull(row, 'ended_at'),
  };
}
