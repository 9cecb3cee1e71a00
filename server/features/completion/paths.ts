import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver-types';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import { servedModels } from '../world/model-files.ts';
import { toItem } from './items.ts';

/** The files of the model and the mounts, inside a text that begins with `/model/` or `/mounts/`. */
export function pathCompletions(file: PredictorFile, offset: number): CompletionItem[] {
  const before = file.text.slice(file.lines.start(file.lines.lineAt(offset)), offset);
  const [, typed] = /["']\/(model|mounts)\/[^"']*$/.exec(before) ? (/["'](\/(?:model|mounts)\/[^"']*)$/.exec(before) ?? []) : [];
  if (typed === undefined) return [];
  const model = typed.startsWith('/model/');
  const names = model
    ? file.servings.flatMap((serving) => servedModels(file.world, serving)?.flatMap((each) => each.files) ?? [])
    : file.servings.flatMap((serving) => serving.mounts ?? []);
  const span = { from: offset - typed.length, to: offset };
  return [...new Set(names)].map((name) => {
    const label = `${model ? '/model' : '/mounts'}/${name}`;
    return { ...toItem(file, span, { label, kind: CompletionItemKind.File }, false), filterText: label };
  });
}
