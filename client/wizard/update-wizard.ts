import { dirname } from 'node:path';
import { asSpellError } from '../../runtime/api/errors.ts';
import type { ModelServer } from '../../runtime/api/objects.ts';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import type { SettingKey } from '../../runtime/api/settings.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { showCodeChanges } from '../details/revision-documents.ts';
import { type CodeChange, codeChanges } from '../operations/code-changes.ts';
import { saidByFile } from '../predictors/entrypoint.ts';
import { changed, type Draft, type ReviewAction, review } from './review.ts';
import { back, runSteps, type Step } from './steps.ts';

/** Asks what of a model server shall change, and shows each change beside what is now. Does nothing itself. */
export async function askUpdate(context: Context, target: ModelServerTarget): Promise<{ said: SaidSettings; unset: SettingKey[] }> {
  const { code, client } = context;
  const { l10n } = code;
  const server = await client.describeModelServer(target);
  const from = server.servedFrom?.entrypoint;
  const differences = from === undefined ? undefined : await differencesOf(context, server, from);
  const draft: Draft = { said: {}, unset: new Set(), now: server.spec, folder: from === undefined ? process.cwd() : dirname(from) };
  const step: Step = async (place) => {
    for (;;) {
      const answer = await review(context, place, draft, () => actions(context, draft, server, differences));
      if (answer === back) return back;
      if (answer === 'update') return undefined;
      if (answer === 'compare') await showCodeChanges(code, server, differences?.changes ?? []);
      if (answer === 'code' && from !== undefined) draft.said = { ...draft.said, ...saidByFile(from) };
    }
  };
  await runSteps(l10n.t('Update {0}', target.name), [step]);
  return { said: draft.said, unset: [...(draft.unset ?? [])] };
}

/** What differs between the code that answers and the one on this machine, or why that cannot be told. */
interface Differences {
  from: string;
  changes: readonly CodeChange[];
  words: string;
}

async function differencesOf(context: Context, server: ModelServer, from: string): Promise<Differences> {
  const { l10n } = context.code;
  try {
    const changes = await codeChanges(context, server, from);
    const words =
      changes.length === 0
        ? l10n.t('no file differs from revision {0}', server.revision)
        : changes.length === 1
          ? l10n.t('{0} differs from revision {1}', changes[0]?.path ?? '', server.revision)
          : l10n.t('{0} files differ from revision {1}', changes.length, server.revision);
    return { from, changes, words };
  } catch (error) {
    return { from, changes: [], words: asSpellError(error).message };
  }
}

function actions({ code }: Context, draft: Draft, server: ModelServer, differences: Differences | undefined): ReviewAction[] {
  const { l10n, ThemeIcon } = code;
  const entry = (action: string, icon: string, label: string, description?: string): ReviewAction => ({
    ...{ action, label, iconPath: new ThemeIcon(icon) },
    ...(description === undefined ? {} : { description }),
  });
  const names = differences?.changes.map(({ path }) => path).join(', ');
  return [
    ...(changed(draft).length > 0 ? [entry('update', 'rocket', l10n.t('Roll out'))] : []),
    ...(differences && !draft.said.entrypoint ? [entry('code', 'file-code', l10n.t('Take the code again'), differences.words)] : []),
    ...(names ? [entry('compare', 'diff', l10n.t('Compare the code with revision {0}', server.revision), names)] : []),
  ];
}
