import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { integer, type Row, text } from './rows.ts';

/** A resource as it is stored: its files are in the manifest. */
export interface ResourceRecord {
  kind: string;
  name: string;
  manifest: string;
  size: number;
  files: number;
  createdAt: string;
  creator: string;
}

export class ResourcesTable {
  readonly #all: StatementSync;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync) {
    this.#all = database.prepare("SELECT * FROM resources ORDER BY kind, CASE kind WHEN 'runs' THEN CAST(name AS INTEGER) END, name");
    this.#get = database.prepare('SELECT * FROM resources WHERE kind = ? AND name = ?');
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO resources (kind, name, manifest, size, files, created_at, creator) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#remove = database.prepare('DELETE FROM resources WHERE kind = ? AND name = ?');
  }

  all(): ResourceRecord[] {
    return this.#all.all().map(readResource);
  }

  get(kind: string, name: string): ResourceRecord | undefined {
    const row = this.#get.get(kind, name);
    return row && readResource(row);
  }

  /** Takes the place of one of the same name. */
  put({ kind, name, manifest, size, files, createdAt, creator }: ResourceRecord): void {
    this.#put.run(kind, name, manifest, size, files, createdAt, creator);
  }

  remove(kind: string, name: string): void {
    this.#remove.run(kind, name);
  }
}

function readResource(row: Row): ResourceRecord {
  return {
    kind: text(row, 'kind'),
    name: text(row, 'name'),
    manifest: text(row, 'manifest'),
    size: integer(row, 'size'),
    files: integer(row, 'files'),
    createdAt: text(row, 'created_at'),
    creator: text(row, 'creator'),
  };
}
