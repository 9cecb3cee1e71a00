import type { ControlPlaneFacts } from '../../runtime/api/language-server.ts';
import type { Told } from '../features/rules/rule.ts';
import { environment } from './mutations/told.ts';

/** The file of a golden case that says what its editor would have told. It is no file of the project. */
export const toldFile = 'told.json';

/** What stands in it: what a control plane has, and the modules that the chosen interpreter finds beside its own. */
interface ToldFile extends ControlPlaneFacts {
  readonly modules?: readonly string[];
}

/** Reads it; nothing is told without one. */
export function toldIn(text: string | undefined): Told {
  const { modules, ...facts } = (text === undefined ? {} : JSON.parse(text)) as ToldFile;
  return { facts, ...(modules ? environment(...modules) : {}) };
}
