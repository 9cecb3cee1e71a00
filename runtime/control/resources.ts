import { SpellError } from '../api/errors.ts';
import { manifestProblem } from '../api/manifest.ts';
import { nameProblem, parseResourceRef, type ResourceRef } from '../api/names.ts';
import { nearNamesHint } from '../api/near-names.ts';
import type { Manifest, Resource, ResourceDetail } from '../api/objects.ts';
import { shownSize } from '../api/shown-size.ts';
import type { Events } from './events.ts';
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
    return this.#table.all().map(toResource);
  }

  /** Throws `not-found`. */
  describe(kind: string, name: string): ResourceDetail {
    const record = this.#get(`${kind}/${name}`, kind, name);
    const usedBy = this.#models.ofResource(`${kind}/${name}`).map(({ model, version }) => `${model}:v${version}`);
    return { ...toResource(record), entries: this.#contents.manifest(record.manifest), usedBy };
  }

  /** The files of `uploads/NAME[/SUB]` or `runs/N[/SUB]`, and what the text was read as. Throws `bad-path` or `not-found`. */
  files(text: string): { ref: ResourceRef; files: Manifest } {
    const ref = parseResourceRef(text);
    if (!ref) {
      throw new SpellError('bad-path', `${JSON.stringify(text)} is no resource`, 'a resource is written uploads/NAME or runs/NUMBER');
    }
    const record = this.#get(text, ref.kind, ref.name);
    const all = this.#contents.manifest(record.manifest);
    if (ref.path === '') return { ref, files: all };
    const below = all.filter(({ path }) => path === ref.path || path.startsWith(`${ref.path}/`));
    if (below.length === 0) {
      const base = `${ref.kind}/${ref.name}`;
      const hint = nearNamesHint(ref.path, foldersAndFiles(all));
      throw new SpellError('not-found', `there is nothing at ${JSON.stringify(ref.path)} in ${base}`, hint);
    }
    return { ref, files: below.map((file) => ({ ...file, path: relativeTo(ref.path, file.path) })) };
  }

  /** Registers files that were sent before as `uploads/NAME`; one of the same name is replaced. */
  async createUpload(name: string, files: Manifest): Promise<Resource> {
    const problem = nameProblem('resource', name);
    if (problem) throw new SpellError('bad-name', problem, 'choose another name with --name');
    if (files.length === 0)
      throw new SpellError('bad-path', `the upload ${name} has no files`, 'name a file, or a folder with files in it');
    await checkFiles(this.#contents, files);
    const manifest = await this.#contents.putManifest(files);
    const record: ResourceRecord = {
      kind: 'uploads',
      name,
      manifest,
      size: files.reduce((sum, { size }) => sum + size, 0),
      files: files.length,
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
    this.#get(path, kind, name);
    if (!force) this.#refuseIfUsed(path);
    this.#store.change(() => {
      this.#table.remove(kind, name);
      this.#events.append({ type: 'resource.removed', object: path, message: 'the resource was removed' });
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
    const hint = nearNamesHint(`${kind}/${name}`, existing) ?? 'nothing was uploaded yet: spell upload PATH';
    throw new SpellError('not-found', `there is no resource ${JSON.stringify(said)}`, hint);
  }
}

/** Checks that a manifest's paths stay below their folder, and that its contents were sent. Throws `bad-path`, `missing-content` or `bad-request`. */
export async function checkFiles(contents: Contents, files: Manifest): Promise<void> {
  const problem = manifestProblem(files);
  if (problem) throw new SpellError('bad-path', problem, 'send the files again, with paths below one folder');
  const missing = new Set(await contents.missing(files.map(({ digest }) => digest)));
  const first = files.find(({ digest }) => missing.has(digest));
  if (first) {
    throw new SpellError(
      'missing-content',
      `${missing.size === 1 ? 'one content was' : `${missing.size} contents were`} not sent, the first is ${JSON.stringify(first.path)} (${first.digest})`,
      'ask POST /contents/missing, send what it names, and try again',
    );
  }
  for (const { path, size, digest } of files) {
    const found = await contents.size(digest);
    if (found === size) continue;
    throw new SpellError('bad-request', `${JSON.stringify(path)} has ${found} bytes, but ${size} were declared`, 'send the files again');
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

function toResource({ kind, name, size, files, createdAt, creator }: ResourceRecord): Resource {
  return { path: `${kind}/${name}`, size, files, createdAt, creator };
}
