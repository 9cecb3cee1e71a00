import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { revisionStates, ServedFrom } from '../../api/objects.ts';
import type { Settings } from '../../api/settings.ts';
import type { RevisionSpec, ServerKey } from '../../platform/platform.ts';
import { integer, json, jsonOrNull, type Row, text, textOrNull } from './rows.ts';

export type RevisionState = (typeof revisionStates)[number];

/** An immutable snapshot of a model server, and what became of it. */
export interface RevisionRecord {
  revision: number;
  state: RevisionState;
  /** The settings that were said, without defaults: an update builds on these, so that a default may change. */
  said: Settings;
  spec: RevisionSpec;
  changes: string[];
  createdAt: string;
  creator: string;
  /** When it last became the one that answers; null when it never did. */
  activatedAt: string | null;
  /** Where its code was taken, as its client told it; null when it did not. */
  servedFrom: ServedFrom | null;
}

export class RevisionsTable {
  readonly #statements: Record<'all' | 'get' | 'newest' | 'insert' | 'state' | 'activate' | 'removeAll' | 'manifests', StatementSync>;

  constructor(database: DatabaseSync) {
    this.#statements = {
      all: database.prepare('SELECT * FROM revisions WHERE owner = ? AND name = ? ORDER BY revision DESC'),
      get: database.prepare('SELECT * FROM revisions WHERE owner = ? AND name = ? AND revision = ?'),
      newest: database.prepare('SELECT * FROM revisions WHERE owner = ? AND name = ? ORDER BY revision DESC LIMIT 1'),
      insert: database.prepare(
        `INSERT INTO revisions (owner, name, revision, state, said, spec, changes, created_at, creator, activated_at, served_from)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      state: database.prepare('UPDATE revisions SET state = ? WHERE owner = ? AND name = ? AND revision = ?'),
      activate: database.prepare("UPDATE revisions SET state = 'active', activated_at = ? WHERE owner = ? AND name = ? AND revision = ?"),
      removeAll: database.prepare('DELETE FROM revisions WHERE owner = ? AND name = ?'),
      manifests: database.prepare(`
        SELECT spec ->> '$.code.manifest' AS manifest FROM revisions
        UNION SELECT model.value ->> '$.manifest' FROM revisions, json_each(revisions.spec, '$.models') AS model
        UNION SELECT mount.value ->> '$.manifest' FROM revisions, json_each(revisions.spec, '$.mounts') AS mount`),
    };
  }

  /** Newest first. */
  all({ owner, name }: ServerKey): RevisionRecord[] {
    return this.#statements.all.all(owner, name).map(readRevision);
  }

  get({ owner, name }: ServerKey, revision: number): RevisionRecord | undefined {
    const row = this.#statements.get.get(owner, name, revision);
    return row && readRevision(row);
  }

  /** Undefined while there is none; its number may be below the model server's `lastRevision`. */
  newest({ owner, name }: ServerKey): RevisionRecord | undefined {
    const row = this.#statements.newest.get(owner, name);
    return row && readRevision(row);
  }

  insert({ owner, name }: ServerKey, record: RevisionRecord): void {
    const { revision, state, said, spec, changes, createdAt, creator, activatedAt, servedFrom } = record;
    const texts = [said, spec, changes].map((value) => JSON.stringify(value));
    const from = servedFrom === null ? null : JSON.stringify(servedFrom);
    this.#statements.insert.run(owner, name, revision, state, ...texts, createdAt, creator, activatedAt, from);
  }

  setState({ owner, name }: ServerKey, revision: number, state: Exclude<RevisionState, 'active'>): void {
    this.#statements.state.run(state, owner, name, revision);
  }

  activate({ owner, name }: ServerKey, revision: number, at: string): void {
    this.#statements.activate.run(at, owner, name, revision);
  }

  removeAll({ owner, name }: ServerKey): void {
    this.#statements.removeAll.run(owner, name);
  }

  /** The digests of all manifests that any revision needs, so that a rollback finds what it was made from. */
  manifests(): string[] {
    return this.#statements.manifests.all().map((row) => text(row, 'manifest'));
  }
}

function readRevision(row: Row): RevisionRecord {
  return {
    revision: integer(row, 'revision'),
    state: text(row, 'state') as RevisionState,
    said: json<Settings>(row, 'said'),
    spec: json<RevisionSpec>(row, 'spec'),
    changes: json<string[]>(row, 'changes'),
    createdAt: text(row, 'created_at'),
    creator: text(row, 'creator'),
    activatedAt: textOrNull(row, 'activated_at'),
    servedFrom: jsonOrNull<ServedFrom>(row, 'served_from'),
  };
}
