import { dirname } from 'node:path';
import type { SaidSettings } from '../../runtime/api/project/said.ts';
import type { SettingKey } from '../../runtime/api/settings.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { saidByFile } from '../predictors/entrypoint.ts';
import { changed, type Draft, type ReviewAction, review } from './review.ts';
import { back, runSteps, type Step } from './steps.ts';

/** Asks what of a model server shall change, and shows each change beside what is now. Does nothing itself. */
export async function askUpdate(context: Context, target: ModelServerTarget): Promise<{ said: SaidSettings; unset: SettingKey[] }> {
  const { code, client } = context;
  const { l10n, ThemeIcon } = code;
  const { spec, servedFrom } = await client.describeModelServer(target);
  const from = servedFrom?.entrypoint;
  const draft: Draft = { said: {}, unset: new Set(), now: spec, folder: from === undefined ? process.cwd() : dirname(from) };
  const actions = (): ReviewAction[] => [
    ...(changed(draft).length > 0 ? [{ action: 'update', label: l10n.t('Roll out'), iconPath: new ThemeIcon('rocket') }] : []),
    ...(from !== undefined && !draft.said.entrypoint
      ? [{ action: 'code', label: l10n.t('Take the code again'), description: from, iconPath: new ThemeIcon('file-code') }]
      : []),
  ];
  const step: Step = async (place) => {
    for (;;) {
      const answer = await review(context, place, draft, actions);
      if (answer === back) return back;
      if (answer === 'update') return undefined;
      if (from !== undefined) draft.said = { ...draft.said, ...saidByFile(from) };
    }
  };
  await runSteps(l10n.t('Update {0}', target.name), [step]);
  return { said: draft.said, unset: [...(draft.unset ?? [])] };
}
