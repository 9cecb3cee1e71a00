import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Run } from '../../api/objects.ts';
import { integer, json, type Row, text } from './rows.ts';

/** A run as it is stored; its files are those of the resource `runs/NUMBER`. */
export interface RunRecord {
  number: number;
  run: Run;
  /** The digest of its log. */
  log: string;
}

export class RunsTable {
  readonly #statements: Record<'all' | 'get' | 'byRequest' | 'insert' | 'remove' | 'logs', StatementSync>;

  constructor(database: DatabaseSync) {
    this.#statements = {
      all: database.prepare('SELECT * FROM runs'),
      get: database.prepare('SELECT * FROM runs WHERE number = ?'),
      byRequest: database.prepare('SELECT * FROM runs WHERE request_id = ?'),
      insert: database.prepare('INSERT INTO runs (request_id, run, log) VALUES (?, ?, ?) RETURNING number'),
      remove: database.prepare('DELETE FROM runs WHERE number = ?'),
      logs: database.prepare('SELECT log FROM runs'),
    };
  }

  /** By number, in no order. */
  all(): Map<number, RunRecord> {
    return new Map(this.#statements.all.all().map((row) => [integer(row, 'number'), readRun(row)]));
  }

  get(number: number): RunRecord | undefined {
    const row = this.#statements.get.get(number);
    return row && readRun(row);
  }

  /** The run that a request made. */
  byRequest(id: string): RunRecord | undefined {
    const row = this.#statements.byRequest.get(id);
    return row && readRun(row);
  }

  /** Returns its number: one that no run ever had. */
  insert(requestId: string, run: Run, log: string): number {
    const row = this.#statements.insert.get(requestId, JSON.stringify(run), log);
    if (!row) throw new Error('no number came back for a run');
    return integer(row, 'number');
  }

  remove(number: number): void {
    this.#statements.remove.run(number);
  }

  /** The digests of all logs. */
  logs(): string[] {
    return this.#statements.logs.all().map((row) => text(row, 'log'));
  }
}

function readRun(row: Row): RunRecord {
  return { number: integer(row, 'number'), run: json<Run>(row, 'run'), log: text(row, 'log') };
}
