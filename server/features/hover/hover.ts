import type { Hover, Position } from 'vscode-languageserver-types';
import type { Span } from '../../parse/text/span.ts';
import type { Subject } from '../diagnose.ts';
import { ConfigFile } from '../subjects/config-file.ts';
import { PredictorFile } from '../subjects/predictor-file.ts';
import { configHover } from './config.ts';
import { pythonHover } from './python.ts';
import { spellYamlHover } from './spell-yaml.ts';

/** What is told about a place, in Markdown. */
export interface Told {
  readonly span: Span;
  readonly text: string;
}

/** What serving means for the word at a position; null when nothing. */
export function hover(subject: Subject, position: Position): Hover | null {
  const offset = subject.lines.offsetAt(position);
  const told =
    subject instanceof PredictorFile
      ? pythonHover(subject, offset)
      : subject instanceof ConfigFile
        ? configHover(subject, offset)
        : spellYamlHover(subject, offset);
  return told ? { contents: { kind: 'markdown', value: told.text }, range: subject.lines.range(told.span) } : null;
}
