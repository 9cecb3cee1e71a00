import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver-types';
import type { Subject } from './diagnose.ts';
import { PredictorFile } from './subjects/predictor-file.ts';

/** What a payload is, where nothing is written: a list, while batching is on. */
export function inlayHints(subject: Subject, range: Range): InlayHint[] {
  if (!(subject instanceof PredictorFile)) return [];
  const { lines } = subject;
  const [from, to] = [lines.offsetAt(range.start), lines.offsetAt(range.end)];
  const hints: InlayHint[] = [];
  for (const { predictor, method } of subject.methods('predict')) {
    const name = subject.payloadOf(method);
    const parameter = subject.callParameters(method).find((each) => each.name === name);
    if (!parameter || parameter.annotation || parameter.nameSpan.to < from || parameter.nameSpan.to > to) continue;
    if (subject.batching(predictor) !== 'yes') continue;
    const prepared = predictor.member('prepare').kind !== 'none';
    hints.push({
      position: lines.positionAt(parameter.nameSpan.to),
      label: prepared ? ': list' : ': list[dict]',
      kind: InlayHintKind.Type,
      tooltip: prepared
        ? 'Batching is on: what `prepare` returned for each request of the batch.'
        : 'Batching is on: the payloads of the batch.',
    });
  }
  return hints;
}
