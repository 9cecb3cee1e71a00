import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ModelVersion, Run } from '../../api/objects.ts';
import { integer, json, jsonOrNull, type Row, text, textOrNull } from './rows.ts';

/** A model version as it is stored; `manifest` names the files as they stand below `/model/`. */
export interface ModelVersionRecord extends ModelVersion {
  manifest: string;
}

/** A model without its versions: its newest one's numbers, and who made its first one. */
export interface ModelRecord {
  name: string;
  version: number;
  custom: string | null;
  createdAt: string;
  creator: string;
}

export class ModelsTable {
  readonly #statements: Record<
    'models' | 'versions' | 'byNumber' | 'byCustom' | 'ofResource' | 'insert' | 'remove' | 'removeAll' | 'count' | 'manifests',
    StatementSync
  >;

  constructor(database: DatabaseSync) {
    this.#statements = {
      models: database.prepare(`
        SELECT newest.model, newest.version, newest.custom, first.created_at, first.creator
        FROM (SELECT model, MIN(version) AS first, MAX(version) AS newest FROM model_versions GROUP BY model) AS span
        JOIN model_versions AS newest ON newest.model = span.model AND newest.version = span.newest
        JOIN model_versions AS first ON first.model = span.model AND first.version = span.first
        ORDER BY newest.model`),
      versions: database.prepare('SELECT * FROM model_versions WHERE model = ? ORDER BY version DESC'),
      byNumber: database.prepare('SELECT * FROM model_versions WHERE model = ? AND version = ?'),
      byCustom: database.prepare('SELECT * FROM model_versions WHERE model = ? AND custom = ?'),
      ofResource: database.prepare(
        `SELECT model, version, custom FROM model_versions
         WHERE resource = ?1 OR substr(resource, 1, length(?1) + 1) = ?1 || '/' ORDER BY model, version`,
      ),
      insert: database.prepare(
        `INSERT INTO model_versions (model, version, custom, resource, run, description, manifest, files, created_at, creator)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      remove: database.prepare('DELETE FROM model_versions WHERE model = ? AND version = ?'),
      removeAll: database.prepare('DELETE FROM model_versions WHERE model = ?'),
      manifests: database.prepare('SELECT DISTINCT manifest FROM model_versions'),
      count: database.prepare(
        `INSERT INTO version_counters (model, last_version) VALUES (?, 1)
         ON CONFLICT (model) DO UPDATE SET last_version = last_version + 1 RETURNING last_version`,
      ),
    };
  }

  all(): ModelRecord[] {
    return this.#statements.models.all().map((row) => ({
      name: text(row, 'model'),
      version: integer(row, 'version'),
      custom: textOrNull(row, 'custom'),
      createdAt: text(row, 'created_at'),
      creator: text(row, 'creator'),
    }));
  }

  /** Newest first; empty where there is no such model. */
  versions(model: string): ModelVersionRecord[] {
    return this.#statements.versions.all(model).map(readVersion);
  }

  byNumber(model: string, version: number): ModelVersionRecord | undefined {
    const row = this.#statements.byNumber.get(model, version);
    return row && readVersion(row);
  }

  byCustom(model: string, custom: string): ModelVersionRecord | undefined {
    const row = this.#statements.byCustom.get(model, custom);
    return row && readVersion(row);
  }

  /** The versions that were made from a resource, whole or in part. */
  ofResource(path: string): { model: string; version: number }[] {
    return this.#statements.ofResource.all(path).map((row) => ({ model: text(row, 'model'), version: integer(row, 'version') }));
  }

  /** The digests of all manifests that any version needs. */
  manifests(): string[] {
    return this.#statements.manifests.all().map((row) => text(row, 'manifest'));
  }

  /** The next number of a model. Numbers of versions that were removed are not given again. */
  nextVersion(model: string): number {
    const row = this.#statements.count.get(model);
    if (!row) throw new Error(`no number came back for the model ${model}`);
    return integer(row, 'last_version');
  }

  insert(record: ModelVersionRecord): void {
    const { model, version, custom, resource, run, description, manifest, files, createdAt, creator } = record;
    const texts = [run === null ? null : JSON.stringify(run), description, manifest, JSON.stringify(files)];
    this.#statements.insert.run(model, version, custom, resource, ...texts, createdAt, creator);
  }

  remove(model: string, version: number): void {
    this.#statements.remove.run(model, version);
  }

  removeAll(model: string): void {
    this.#statements.removeAll.run(model);
  }
}

function readVersion(row: Row): ModelVersionRecord {
  return {
    model: text(row, 'model'),
    version: integer(row, 'version'),
    custom: textOrNull(row, 'custom'),
    resource: text(row, 'resource'),
    run: jsonOrNull<Run>(row, 'run'),
    description: textOrNull(row, 'description'),
    manifest: text(row, 'manifest'),
    files: json<ModelVersion['files']>(row, 'files'),
    createdAt: text(row, 'created_at'),
    creator: text(row, 'creator'),
  };
}
