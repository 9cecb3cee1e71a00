import type { SaidSettings } from '../../runtime/api/project/said.ts';
import { scalingTargets } from '../../runtime/api/scaling.ts';
import type { SettingKey } from '../../runtime/api/settings.ts';
import type { Context } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { changed, type Draft, type ReviewAction, review } from './review.ts';
import { back, runSteps, type Step } from './steps.ts';

/** The settings that say how many pods there are. */
export const scalingKeys: readonly SettingKey[] = ['min-pods', 'max-pods', ...scalingTargets];

/** Asks between how many pods a model server shall move, and towards what. Does nothing itself. */
export async function askScaling(context: Context, target: ModelServerTarget): Promise<{ said: SaidSettings; unset: SettingKey[] }> {
  const { client, code } = context;
  const { l10n, ThemeIcon } = code;
  const { spec } = await client.describeModelServer(target);
  const draft: Draft = { said: {}, unset: new Set(), now: spec, folder: process.cwd() };
  const scale: ReviewAction = { action: 'scale', label: l10n.t('Scale'), iconPath: new ThemeIcon('rocket') };
  const step: Step = async (place) => {
    const answer = await review(context, place, draft, () => (changed(draft).length > 0 ? [scale] : []), scalingKeys);
    return answer === back ? back : undefined;
  };
  await runSteps(l10n.t('Scale {0}', target.name), [step]);
  return { said: draft.said, unset: [...(draft.unset ?? [])] };
}
