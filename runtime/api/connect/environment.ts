import { inheritedBy } from '../inherited-environment.ts';
import { processMarks } from '../processes.ts';

/** The environment of a `spelld` of this home. */
export function controlPlaneEnvironment(from: NodeJS.ProcessEnv, home: string, platform?: NodeJS.Platform): Record<string, string> {
  return { ...inheritedBy('spelld', from, platform), [processMarks.home]: home, [processMarks.program]: 'spelld' };
}
