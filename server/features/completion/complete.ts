import type { CompletionItem, Position } from 'vscode-languageserver-types';
import type { Subject } from '../diagnose.ts';
import { ConfigFile } from '../subjects/config-file.ts';
import { PredictorFile } from '../subjects/predictor-file.ts';
import { configCompletions } from './config.ts';
import { pathCompletions } from './paths.ts';
import { pythonCompletions } from './python.ts';
import { spellYamlCompletions } from './spell-yaml.ts';

/** What the client shows of completions. */
export interface CompletionSupport {
  readonly snippets: boolean;
  /** Keys of `spell.yaml` are completed by another server, from our schema. */
  readonly yamlElsewhere: boolean;
}

/** The characters after which clients ask by themselves. */
export const completionTriggers = ['.', '@', '/', '"', "'", ':', ' '];

/** What can stand at a position. */
export function completions(subject: Subject, position: Position, support: CompletionSupport): CompletionItem[] {
  const offset = subject.lines.offsetAt(position);
  if (subject instanceof PredictorFile) {
    const paths = pathCompletions(subject, offset);
    return paths.length > 0 ? paths : pythonCompletions(subject, offset, support.snippets);
  }
  if (subject instanceof ConfigFile) return configCompletions(subject, offset);
  return spellYamlCompletions(subject, offset, support.yamlElsewhere);
}
