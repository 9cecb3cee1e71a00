import { CodeActionKind } from 'vscode-languageserver-types';
import type { Span } from '../../parse/text/span.ts';
import type { Subject } from '../diagnose.ts';
import type { Fix } from '../rules/rule.ts';
import { PredictorFile } from '../subjects/predictor-file.ts';
import { convertToBatching } from './convert-to-batching.ts';
import { createConfig } from './create-config.ts';
import { createSpellYaml } from './create-spell-yaml.ts';

/** A change that nobody has to make. */
export interface Refactoring {
  readonly kind: string;
  readonly fix: Fix;
}

/** What can be made of the predictor at a place. */
export function refactorings(subject: Subject, span: Span): Refactoring[] {
  if (!(subject instanceof PredictorFile)) return [];
  const predictor = subject.predictors.find(({ definition }) => definition.from <= span.to && span.from <= definition.to);
  const source = [createSpellYaml(subject)];
  const refactor = predictor ? [convertToBatching(subject, predictor), createConfig(subject, predictor)] : [];
  return [
    ...refactor.flatMap((fix) => (fix ? [{ kind: CodeActionKind.RefactorRewrite, fix }] : [])),
    ...source.flatMap((fix) => (fix ? [{ kind: CodeActionKind.Source, fix }] : [])),
  ];
}
