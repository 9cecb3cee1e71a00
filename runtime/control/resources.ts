import { SpellError } from '../api/errors.ts';
import { nameProblem, parseResourceRef, type ResourceRef } from '../api/names.ts';
import { nearNamesHint } from '../api/near-names.ts';
import type { Manifest, Resource, ResourceDetail, Run } from '../api/objects.ts';
import { shownSize } from '../api/shown-size.ts';
import type { Events } from './events.ts';
import { storeFiles } from './sent-files.ts';
import type { Contents } from './store/contents.ts';
import type { ModelsTable } from './store/models-table.ts';
import type { ResourceRecord, ResourcesTable } from './store/resources-table.ts';
import type { Store } from './store/store.ts';

/** What a change is stamped with. */
export interface Author {
  now: () => Date;
  /** The operating system's user. */
  creator: string;
}

/** Which model servers would miss something: `local/digits (revision 3)`. */
export interface Users {
  /** A model version, or any of a model. */
  ofModel(model: string, version: number | undefined): string[];
  /** `uploads/NAME` or `runs/N`, where it is mounted. */
  ofResource(path: string): string[];
}

/** Uploads and runs: named sets of files that models are made from. */
export class Resources {
  readonly #store: Store;
  readonly #table: ResourcesTable;
  readonly #models: ModelsTable;
  readonly #contents: Contents;
  readonly #events: Events;
  readonly #author: Author;
  readonly #users: Users;

  constructor(store: Store, contents: Contents, events: Events, author: Author, users: Users) {
    this.#store = store;
    this.#table = store.resources;
    this.#models = store.models;
    this.#contents = contents;
    this.#events = events;
    this.#author = author;
    this.#users = users;
  }

  list(): Resource[] {
    const runs = this.#store.runs.all();
    return this.#table.all().map((record) => toResource(record, runs.get(numberOf(record))?.run));
  }

  /** Throws `not-found`. */
  describe(kind: string, name: string): ResourceDetail {
    const record = this.#get(`${kind}/${name}`, kind, name);
    const path = `${kind}/${name}`;
    const usedBy = [...this.#models.ofResource(path).map(({ model, version }) => `${model}:v${version}`), ...this.#users.ofResource(path)];
    const run = this.#store.runs.get(numberOf(record))?.run;
    return { ...toResource(record, run), entries: this.#contents.manifest(record.manifest), usedBy };
  }

  /**
   * The files of `uploads/NAME[/SUB]` or `runs/N[/SUB]`, at least one, what the text was read as, and the run that made them.
   * Throws `bad-path` or `not-found`.
   */
  files(text: string): { ref: ResourceRef; files: Manifest; run: Run | null } {
    const ref = parseResourceRef(text);
    if (!ref) {
      throw new SpellError('bad-path', `${JSON.stringify(text)} is no resource`, 'a resource is written uploads/NAME or runs/NUMBER');
    }
    const record = this.#get(text, ref.kind, ref.name);
    const all = this.#contents.manifest(record.manifest);
    const run = this.#store.runs.get(numberOf(record))?.run ?? null;
    if (all.length === 0) throw new SpellError('bad-path', `${text} saved no files`, 'run it again, with --save PATH for what it makes');
    if (ref.path === '') return { ref, files: all, run };
    const below = all.filter(({ path }) => path === ref.path || path.startsWith(`${ref.path}/`));
    if (below.length === 0) {
      const base = `${ref.kind}/${ref.name}`;
      const hint = nearNamesHint(ref.path, foldersAndFiles(all));
      throw new SpellError('not-found', `there is nothing at ${JSON.stringify(ref.path)} in ${base}`, hint);
    }
    return { ref, files: below.map((file) => ({ ...file, path: relativeTo(ref.path, file.path) })), run };
  }

  /** Registers files that were sent before as `uploads/NAME`; one of the same name is replaced. */
  async createUpload(name: string, files: Manifest): Promise<Resource> {
    const problem = nameProblem('resource', name);
    if (problem) throw new SpellError('bad-name', problem, 'choose another name with --name');
    if (files.length === 0)
      throw new SpellError('bad-path', `the upload ${name} has no files`, 'name a file, or a folder with files in it');
    const record: ResourceRecord = {
      kind: 'uploads',
      name,
      ...(await storeFiles(this.#contents, files)),
      createdAt: this.#author.now().toISOString(),
      creator: this.#author.creator,
    };
    this.#store.change(() => {
      this.#table.put(record);
      const count = files.length === 1 ? '1 file' : `${files.length} files`;
      this.#events.append({
        type: 'resource.created',
        object: `uploads/${name}`,
        message: `${count} ${files.length === 1 ? 'was' : 'were'} uploaded, ${shownSize(record.size)}`,
      });
    });
    return toResource(record);
  }

  /** Removes a resource. Throws `not-found`, and `in-use` while a model was made from it, unless forced: the models keep their files. */
  remove(kind: string, name: string, force: boolean): void {
    const path = `${kind}/${name}`;
    const record = this.#get(path, kind, name);
    if (!force) this.#refuseIfUsed(path);
    this.#store.change(() => {
      this.#table.remove(kind, name);
      this.#store.runs.remove(numberOf(record));
      this.#events.append({
        type: 'resource.removed',
        object: path,
        message: kind === 'runs' ? 'the run was removed' : 'the upload was removed',
      });
    });
  }

  #refuseIfUsed(path: string): void {
    const mounted = this.#users.ofResource(path);
    if (mounted.length > 0) {
      throw new SpellError(
        'in-use',
        `${path} is mounted by ${mounted.join(', ')}`,
        'take it away first (spell server mounts rm NAME RESOURCE), or use --force: what is mounted stays as it is until the next update of its mounts',
      );
    }
    const users = this.#models.ofResource(path).map(({ model, version }) => {
      const servers = this.#users.ofModel(model, version);
      return `${model}:v${version}${servers.length === 0 ? '' : ` (served by ${servers.join(', ')})`}`;
    });
    if (users.length === 0) return;
    throw new SpellError(
      'in-use',
      `${path} is used by ${users.length === 1 ? 'the model' : 'the models'} ${users.join(', ')}`,
      'remove the model first, or use --force: models keep their files',
    );
  }

  #get(said: string, kind: string, name: string): ResourceRecord {
    const record = this.#table.get(kind, name);
    if (record) return record;
    const existing = this.#table.all().map((each) => `${each.kind}/${each.name}`);
    const none =
      kind === 'runs' ? '`spell runs` lists them; `spell run -- COMMAND` makes one' : 'nothing was uploaded yet: spell upload PATH';
    const hint = nearNamesHint(`${kind}/${name}`, existing) ?? none;
    throw new SpellError('not-found', `there is no resource ${JSON.stringify(said)}`, hint);
  }
}

/** Every file, and every folder that one lies in. */
export function foldersAndFiles(files: Manifest): string[] {
  const paths = files.flatMap(({ path }) => path.split('/').map((_, index, pieces) => pieces.slice(0, index + 1).join('/')));
  return [...new Set(paths)];
}

function relativeTo(folder: string, path: string): string {
  return path === folder ? (path.split('/').at(-1) ?? path) : path.slice(folder.length + 1);
}

function toResource({ kind, name, size, files, createdAt, creator }: ResourceRecord, run?: Run): Resource {
  return { path: `${kind}/${name}`, size, files, createdAt, creator, ...(run && { run }) };
}

/** The number of a run; of anything else one that no run has. */
function numberOf({ kind, name }: Pick<ResourceRecord, 'kind' | 'name'>): number {
  return kind === 'runs' ? Number(name) : 0;
}
