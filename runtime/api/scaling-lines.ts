import type { ModelServer } from './objects.ts';

/** How a model server scales, for people: its bounds, then each target beside what there is now, then why nothing moves. */
export function scalingLines({ minPods, maxPods, targets, notice, last }: NonNullable<ModelServer['scaling']>): string[] {
  return [
    `${minPods} to ${maxPods} pods`,
    ...targets.map(({ setting, target, current }) => `${setting} ${target}: ${shown(current)}`),
    ...(last ? [`last: ${last.message}`] : []),
    ...(notice === null ? [] : [notice]),
  ];
}

function shown(current: number | null): string {
  return current === null ? 'not measured yet' : `${Number(current.toPrecision(3))} per pod now`;
}
