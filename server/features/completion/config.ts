import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver-types';
import { describeParameter } from '../hover/parameters.ts';
import type { ConfigFile } from '../subjects/config-file.ts';
import { toItem } from './items.ts';

/** The parameters of `__init__` that a config does not give yet, where a key can stand. */
export function configCompletions(file: ConfigFile, offset: number): CompletionItem[] {
  const before = file.text.slice(file.lines.start(file.lines.lineAt(offset)), offset);
  const json = file.path.endsWith('.json');
  const typed = (json ? /["]?\w*$/ : /^\w*$/).exec(before)?.[0];
  if (typed === undefined || (json && !/^[\s{,]*"?\w*$/.test(before))) return [];
  const given = new Set(
    file.value?.kind === 'map'
      ? file.value.entries.filter((entry) => entry.to < offset || entry.from > offset).map((entry) => entry.key)
      : [],
  );
  const span = { from: offset - typed.length, to: offset };
  const seen = new Set<string>();
  return file.receivers.flatMap(({ file: python, predictor, init }) => {
    if (!init || init.disguised) return [];
    return python.callParameters(init).flatMap((parameter) => {
      if ((parameter.kind !== 'positional' && parameter.kind !== 'keyword-only') || given.has(parameter.name) || seen.has(parameter.name))
        return [];
      seen.add(parameter.name);
      const text = json ? `"${parameter.name}": ` : `${parameter.name}: `;
      const choice = {
        label: parameter.name,
        kind: CompletionItemKind.Property,
        text,
        detail: `${predictor.name}.__init__`,
        documentation: describeParameter(python, init, parameter),
      };
      return [{ ...toItem(file, span, choice, false), filterText: json ? `"${parameter.name}` : parameter.name }];
    });
  });
}
