import { checkDependencies } from '../../api/dependencies.ts';
import { SpellError } from '../../api/errors.ts';
import { checkLimits } from '../../api/limits.ts';
import type { CodeSnapshot, ServedFrom } from '../../api/objects.ts';
import { checkPodsRange } from '../../api/scaling.ts';
import { type Settings, withDefaults } from '../../api/settings.ts';
import type { PinnedModel, RevisionSpec } from '../../platform/platform.ts';
import { checkFiles } from '../sent-files.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';
import type { RevisionRecord } from '../store/revisions-table.ts';
import { changesBetween } from './changes.ts';
import type { ModelServerContext } from './context.ts';

/** Checks that a snapshot is whole and stores its manifest. Throws `bad-path`, `missing-content`, `bad-request`. */
export async function takeCode({ contents }: ModelServerContext, { entrypoint, files }: CodeSnapshot): Promise<RevisionSpec['code']> {
  if (!files.some(({ path }) => path === entrypoint)) {
    throw new SpellError(
      'bad-path',
      `the snapshot has no file ${JSON.stringify(entrypoint)}`,
      'is the entrypoint ignored by .gitignore or .spellignore?',
    );
  }
  await checkFiles(contents, files);
  return { entrypoint, manifest: await contents.putManifest(files) };
}

/** The versions that the models have now. Throws `not-found`, and `bad-setting` for two versions of one model. */
export function pinModels({ models }: ModelServerContext, said: readonly string[] = []): PinnedModel[] {
  const pins = said.map((text) => models.pin(text));
  for (const [index, { name }] of pins.entries()) {
    if (pins.findIndex((pin) => pin.name === name) === index) continue;
    throw new SpellError('bad-setting', `the model ${name} is named twice`, 'a model server has one version of a model: name it once');
  }
  return pins;
}

/** Puts a specification together. Throws `bad-setting` for settings that exclude each other. The name is not part of it: every revision of a model server has the same. */
export function makeSpec(said: Settings, { models, mounts, code }: Omit<RevisionSpec, 'settings'>): RevisionSpec {
  checkPodsRange(said);
  checkDependencies(said);
  checkLimits(said);
  return { settings: withDefaults(said), models, ...(mounts && mounts.length > 0 && { mounts }), code };
}

/** What a revision is made of. Where its code was taken is told on, but makes no revision another one. */
export interface RevisionMaking {
  said: Settings;
  spec: RevisionSpec;
  servedFrom: ServedFrom | null;
}

/** Stores the next revision of a model server and returns the server as it is then. Part of the caller's transaction. */
export function addRevision(context: ModelServerContext, server: ModelServerRecord, making: RevisionMaking): ModelServerRecord {
  const { said, spec, servedFrom } = making;
  const { store, contents, author } = context;
  const revision = server.lastRevision + 1;
  const before = store.revisions.newest(server);
  const record: RevisionRecord = {
    revision,
    state: 'pending',
    said,
    spec,
    changes: before ? changesBetween(before.spec, spec, (digest) => contents.manifest(digest)) : ['first revision'],
    createdAt: author.now().toISOString(),
    creator: author.creator,
    activatedAt: null,
    servedFrom,
  };
  const next = { ...server, lastRevision: revision };
  store.modelServers.put(next);
  store.revisions.insert(server, record);
  return next;
}
