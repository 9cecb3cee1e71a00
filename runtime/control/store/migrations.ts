import type { DatabaseSync } from 'node:sqlite';

/** One step of the schema. Steps are never edited once they were released: what a step made may lie on somebody's disk. */
export type Migration = (database: DatabaseSync) => void;

/** All steps, in order; a database whose `user_version` is N has had the first N. */
export const migrations: readonly Migration[] = [createTables, rememberServedFrom, rememberPods, createRuns, rememberRecreate];

/**
 * The first schema. Times are RFC 3339 text in UTC, digests `sha256:…`, and lists and objects that are only ever read
 * whole are JSON text. Numbers that must never be used twice (`last_version`, `last_revision`) are counters that
 * outlive what they counted.
 */
function createTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE facts (
      key   TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE resources (
      kind       TEXT NOT NULL,
      name       TEXT NOT NULL,
      manifest   TEXT NOT NULL,
      size       INTEGER NOT NULL,
      files      INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      creator    TEXT NOT NULL,
      PRIMARY KEY (kind, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE version_counters (
      model        TEXT PRIMARY KEY,
      last_version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE model_versions (
      model       TEXT NOT NULL,
      version     INTEGER NOT NULL,
      custom      TEXT,
      resource    TEXT NOT NULL,
      description TEXT,
      manifest    TEXT NOT NULL,
      files       TEXT NOT NULL,
      created_at  TEXT NOT NULL,
      creator     TEXT NOT NULL,
      PRIMARY KEY (model, version),
      UNIQUE (model, custom)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE model_servers (
      owner         TEXT NOT NULL,
      name          TEXT NOT NULL,
      lifecycle     TEXT NOT NULL,
      last_revision INTEGER NOT NULL,
      active        INTEGER,
      pending       INTEGER,
      created_at    TEXT NOT NULL,
      creator       TEXT NOT NULL,
      PRIMARY KEY (owner, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE revisions (
      owner        TEXT NOT NULL,
      name         TEXT NOT NULL,
      revision     INTEGER NOT NULL,
      state        TEXT NOT NULL,
      said         TEXT NOT NULL,
      spec         TEXT NOT NULL,
      changes      TEXT NOT NULL,
      created_at   TEXT NOT NULL,
      creator      TEXT NOT NULL,
      activated_at TEXT,
      PRIMARY KEY (owner, name, revision),
      FOREIGN KEY (owner, name) REFERENCES model_servers ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE rollouts (
      id            INTEGER PRIMARY KEY AUTOINCREMENT,
      owner         TEXT NOT NULL,
      name          TEXT NOT NULL,
      revision      INTEGER NOT NULL,
      from_revision INTEGER,
      state         TEXT NOT NULL,
      reason        TEXT,
      failure       TEXT,
      log           TEXT NOT NULL,
      stage         TEXT,
      ready         INTEGER NOT NULL,
      deadline      TEXT,
      started_at    TEXT NOT NULL,
      ended_at      TEXT,
      FOREIGN KEY (owner, name) REFERENCES model_servers ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX rollouts_of_server ON rollouts (owner, name, id);

    CREATE TABLE events (
      seq     INTEGER PRIMARY KEY AUTOINCREMENT,
      time    TEXT NOT NULL,
      type    TEXT NOT NULL,
      object  TEXT NOT NULL,
      message TEXT NOT NULL,
      data    TEXT
    ) STRICT;
  `);
}

/** Where the code of a revision was taken; null for those of before, and for clients that do not tell. */
function rememberServedFrom(database: DatabaseSync): void {
  database.exec('ALTER TABLE revisions ADD COLUMN served_from TEXT');
}

/** How many pods the autoscaler found a model server to need. */
function rememberPods(database: DatabaseSync): void {
  database.exec('ALTER TABLE model_servers ADD COLUMN pods INTEGER');
}

/** Runs: each is a resource of the kind `runs` as well, named by its number, which is never used twice. */
function createRuns(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE runs (
      number     INTEGER PRIMARY KEY AUTOINCREMENT,
      request_id TEXT NOT NULL UNIQUE,
      run        TEXT NOT NULL,
      log        TEXT NOT NULL
    ) STRICT;
    ALTER TABLE model_versions ADD COLUMN run TEXT;
  `);
}

/** Rollouts whose old revision has to end first. */
function rememberRecreate(database: DatabaseSync): void {
  database.exec('ALTER TABLE rollouts ADD COLUMN recreate TEXT');
}
