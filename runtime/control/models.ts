import { SpellError } from '../api/errors.ts';
import { type ModelRef, nameProblem, parseModelRef, versionNumber } from '../api/names.ts';
import { nearNamesHint } from '../api/near-names.ts';
import type { ModelSummary, ModelVersion } from '../api/objects.ts';
import type { PinnedModel } from '../platform/platform.ts';
import type { Events } from './events.ts';
import { selectModelFiles } from './model-files.ts';
import type { Author, Resources, Users } from './resources.ts';
import type { Contents } from './store/contents.ts';
import type { ModelsTable, ModelVersionRecord } from './store/models-table.ts';
import type { Store } from './store/store.ts';

/** The body of `POST /models`. */
export interface CreateModel {
  name?: string | undefined;
  version?: string | undefined;
  resource: string;
  files?: string[] | undefined;
  description?: string | undefined;
}

/** Models and their versions: a version is immutable, and its number is never used twice. */
export class Models {
  readonly #store: Store;
  readonly #table: ModelsTable;
  readonly #resources: Resources;
  readonly #contents: Contents;
  readonly #events: Events;
  readonly #author: Author;
  readonly #users: Users;

  constructor(store: Store, resources: Resources, contents: Contents, events: Events, author: Author, users: Users) {
    this.#store = store;
    this.#table = store.models;
    this.#resources = resources;
    this.#contents = contents;
    this.#events = events;
    this.#author = author;
    this.#users = users;
  }

  list(): ModelSummary[] {
    return this.#table.all().map(({ name, version, custom, createdAt, creator }) => ({
      name,
      latestVersion: { number: version, custom },
      createdAt,
      creator,
    }));
  }

  /** All versions, newest first. Throws `not-found`. */
  versions(name: string): ModelVersion[] {
    return this.#versions(name).map(toModelVersion);
  }

  /** One version by `v3` or by its custom name. Throws `not-found`. */
  version(name: string, version: string): ModelVersion {
    return toModelVersion(this.#find({ name, version }));
  }

  /** Makes the next version of a model, and the model with its first one. */
  async create({ name: said, version: custom, resource, files: choices = [], description }: CreateModel): Promise<ModelVersion> {
    const { ref, files: available, run } = this.#resources.files(resource);
    const name = said ?? (ref.kind === 'runs' ? run?.name : ref.name);
    if (!name) {
      throw new SpellError(
        'usage',
        `${resource} has no name that the model could take`,
        `name the model: spell model create NAME ${resource}`,
      );
    }
    this.#checkNames(name, custom, said === undefined ? resource : undefined);
    const files = selectModelFiles(resource, available, choices);
    const manifest = await this.#contents.putManifest(files);
    const record = this.#store.change(() => {
      if (custom !== undefined && this.#table.byCustom(name, custom)) {
        throw new SpellError(
          'exists',
          `the model ${name} has a version ${JSON.stringify(custom)} already`,
          'choose another --version, or leave it out',
        );
      }
      const made: ModelVersionRecord = {
        model: name,
        version: this.#table.nextVersion(name),
        custom: custom ?? null,
        resource: [ref.kind, ref.name, ...(ref.path === '' ? [] : [ref.path])].join('/'),
        run,
        description: description ?? null,
        manifest,
        files: files.map(({ source, path, size, digest }) => ({ source, path, size, digest })),
        createdAt: this.#author.now().toISOString(),
        creator: this.#author.creator,
      };
      this.#table.insert(made);
      const message = `version v${made.version}${custom === undefined ? '' : ` (${custom})`} was made from ${made.resource}`;
      this.#events.append({ type: 'model.created', object: `models/${name}:v${made.version}`, message });
      return made;
    });
    return toModelVersion(record);
  }

  /** The version that a model server is to be served with: the one that was named, else the newest now. Throws `not-found`. */
  pin(text: string): PinnedModel {
    const { model, version, custom, manifest } = this.#find(parseModelRef(text));
    return { name: model, version: `v${version}`, custom, manifest };
  }

  /** Removes a model with all its versions. Throws `not-found`, and `in-use` while a model server uses one. */
  remove(name: string): void {
    this.#versions(name);
    this.#refuseIfUsed(name, undefined);
    this.#store.change(() => {
      this.#table.removeAll(name);
      this.#events.append({ type: 'model.removed', object: `models/${name}`, message: 'the model was removed with all its versions' });
    });
  }

  /** Removes one version; the model goes with its last one. Throws as {@link remove}. */
  removeVersion(name: string, version: string): void {
    const found = this.#find({ name, version });
    this.#refuseIfUsed(name, found.version);
    this.#store.change(() => {
      this.#table.remove(name, found.version);
      this.#events.append({ type: 'model.removed', object: `models/${name}:v${found.version}`, message: 'the version was removed' });
    });
  }

  #versions(name: string): ModelVersionRecord[] {
    const versions = this.#table.versions(name);
    if (versions.length > 0) return versions;
    const existing = this.#table.all().map((model) => model.name);
    const hint = nearNamesHint(name, existing) ?? 'make one with: spell model create NAME uploads/NAME';
    throw new SpellError('not-found', `there is no model ${JSON.stringify(name)}`, hint);
  }

  #find({ name, version }: ModelRef): ModelVersionRecord {
    const versions = this.#versions(name);
    if (version === undefined) return versions[0] as ModelVersionRecord;
    const number = versionNumber(version);
    const found = number === undefined ? this.#table.byCustom(name, version) : this.#table.byNumber(name, number);
    if (found) return found;
    const existing = versions.flatMap((each) => [`v${each.version}`, ...(each.custom === null ? [] : [each.custom])]);
    throw new SpellError('not-found', `the model ${name} has no version ${JSON.stringify(version)}`, nearNamesHint(version, existing));
  }

  #checkNames(name: string, custom: string | undefined, takenFrom: string | undefined): void {
    const problem = nameProblem('model', name);
    if (problem) {
      const hint = takenFrom === undefined ? undefined : `name the model yourself: spell model create NAME ${takenFrom}`;
      throw new SpellError('bad-name', problem, hint);
    }
    if (custom === undefined) return;
    const odd = nameProblem('version', custom);
    if (odd) throw new SpellError('bad-name', odd);
    if (versionNumber(custom) !== undefined) {
      throw new SpellError(
        'bad-name',
        `the version ${JSON.stringify(custom)} looks like an automatic number`,
        'v and digits always mean the automatic number: choose another --version, or leave it out',
      );
    }
  }

  #refuseIfUsed(model: string, version: number | undefined): void {
    const users = this.#users.ofModel(model, version);
    if (users.length === 0) return;
    throw new SpellError(
      'in-use',
      `the model ${model}${version === undefined ? '' : `:v${version}`} is used by ${users.join(', ')}`,
      'update or remove the model server first',
    );
  }
}

function toModelVersion({ manifest: _, ...version }: ModelVersionRecord): ModelVersion {
  return version;
}
