import { scales, scalingOf } from '../../api/scaling.ts';
import type { EffectiveSettings } from '../../api/settings.ts';
import type { ModelServerRecord } from '../store/model-servers-table.ts';

/** How many pods a revision should have: what the autoscaler found, within the revision's own bounds, else `min-pods`. Pure. */
export function podsWanted({ pods }: Pick<ModelServerRecord, 'pods'>, settings: EffectiveSettings): number {
  const scaling = scalingOf(settings);
  return scales(scaling) && pods !== null ? Math.min(scaling.max, Math.max(scaling.min, pods)) : scaling.min;
}
