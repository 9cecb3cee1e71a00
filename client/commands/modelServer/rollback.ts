import { SpellError } from '../../../runtime/api/errors.ts';
import type { ModelServer, Revision } from '../../../runtime/api/objects.ts';
import type { Context } from '../../context.ts';
import type { ModelServerTarget, RevisionTarget, RollbackOptions } from '../../contributions.ts';
import { replaceRevision } from '../../operations/replace-revision.ts';
import { pickModelServer } from '../../pick/pick-model-servers.ts';
import { answered } from '../cancelled.ts';
import { offerNext } from './offer-next.ts';

/** *Spell: Roll Back*: rolls out an older revision: the one that it was called on, else the one chosen from a list that says what each one changed. */
export async function rollBackModelServer(
  context: Context,
  target?: RevisionTarget,
  _targets?: readonly RevisionTarget[],
  options: RollbackOptions = { recreate: 'ask' },
): Promise<ModelServer> {
  const { l10n } = context.code;
  const { owner, name } = await pickModelServer(
    context,
    { title: l10n.t('Roll back a model server'), states: ['running', 'updating', 'failing'], none: l10n.t('No model server runs.') },
    target,
  );
  const named = target && 'revision' in target ? target.revision : undefined;
  const to = options.to ?? named ?? (await askRevision(context, { owner, name }));
  const title = l10n.t('Rolling {0} back to revision {1}', name, to);
  const server = await replaceRevision(context, title, options, (recreate) =>
    context.client.rollback({ owner, name, body: { to, ...(recreate ? { recreate } : {}) } }),
  );
  offerNext(context, server, l10n.t('Revision {0} of {1} answers.', server.revision, name));
  return server;
}

async function askRevision({ client, code }: Context, target: ModelServerTarget): Promise<number> {
  const { window, l10n } = code;
  const revisions = await client.listRevisions(target);
  const older = revisions.filter(({ state }) => state !== 'active' && state !== 'rolling-out');
  if (older.length === 0) {
    throw new SpellError(
      'conflict',
      l10n.t('{0} has no other revision to go back to.', target.name),
      l10n.t('An update makes the next one.'),
    );
  }
  // What failed once is not proposed first.
  const ordered = [...older].sort((a, b) => Number(a.state === 'failed') - Number(b.state === 'failed'));
  const items = ordered.map(({ revision, state, createdAt, creator, changes }) => ({
    revision,
    label: l10n.t('Revision {0}', revision),
    description: [...(state === 'failed' ? [l10n.t('failed')] : []), new Date(createdAt).toLocaleString(), creator].join(' · '),
    detail: undoes(revisions, revision, changes),
  }));
  const title = l10n.t('Roll {0} back to', target.name);
  return (await answered(window.showQuickPick(items, { title, matchOnDetail: true }))).revision;
}

/** What changed after a revision is what going back to it undoes; of newer revisions, what they bring. */
function undoes(revisions: readonly Revision[], revision: number, own: readonly string[]): string {
  const active = revisions.find(({ state }) => state === 'active')?.revision ?? 0;
  const between = revisions.filter((each) => each.revision > revision && each.revision <= active).flatMap(({ changes }) => changes);
  return (revision < active ? between.map((change) => `↶ ${change}`) : own).join('; ');
}
