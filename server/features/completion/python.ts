import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver-types';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import { externalName } from '../../parse/project/meaning.ts';
import type { FunctionDefinition } from '../../parse/python/ast.ts';
import { bodyIndent, importEdits } from '../edits/python-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import { type Choice, toItem } from './items.ts';

/** What can stand at an offset of a predictor file, as far as it has to do with serving. */
export function pythonCompletions(file: PredictorFile, offset: number, snippets: boolean): CompletionItem[] {
  const lineStart = file.lines.start(file.lines.lineAt(offset));
  const before = file.text.slice(lineStart, offset);
  if (isInComment(file, offset)) return [];
  const word = /\w*$/.exec(before)?.[0] ?? '';
  const span = { from: offset - word.length, to: offset };
  const items = (choices: readonly Choice[], at = span): CompletionItem[] => choices.map((choice) => toItem(file, at, choice, snippets));
  const predictor = predictorAt(file, offset);
  if (/^[ \t]*@\w*$/.test(before) && predictor) return items(decorators(file));
  if (/\.\w*$/.test(before)) return items(members(file, before, offset - word.length - 1));
  if (predictor && /^[ \t]+(?:(?:async\s+)?def\s+)?\w*$/.test(before) && isAtMemberIndent(file, predictor, before)) {
    const from = lineStart + (/^[ \t]*/.exec(before)?.[0].length ?? 0);
    return items(methods(file, predictor), { from, to: offset });
  }
  const named = decoratorNameAt(file, predictor, offset);
  if (named)
    return items(
      named.names.map((name) => ({ label: name, kind: CompletionItemKind.Variable })),
      named.span,
    );
  if (/[(,\s]\w+\s*:\s*["']?\w*$/.test(before) && predictor && isInParameters(file, offset)) return items(annotations(file));
  if (/^\w*$/.test(before) && file.predictors.length === 0) return items([skeleton(file)]);
  return [];
}

function isInComment(file: PredictorFile, offset: number): boolean {
  return file.file.comments.some((comment) => comment.from < offset && offset <= comment.to);
}

/** The predictor whose body an offset lies in: also on the blank lines behind its last statement. */
function predictorAt(file: PredictorFile, offset: number): Predictor | undefined {
  return file.predictors.find(({ definition }) => {
    const chunk = file.file.chunks.find((each) => each.from <= definition.from && definition.to <= each.to);
    return chunk !== undefined && definition.keyword < offset && offset <= chunk.to;
  });
}

function isAtMemberIndent(file: PredictorFile, predictor: Predictor, before: string): boolean {
  const indent = /^[ \t]*/.exec(before)?.[0] ?? '';
  return indent === bodyIndent(file, predictor.definition);
}

function functionsOf(file: PredictorFile): FunctionDefinition[] {
  return file.predictors.flatMap((predictor) => predictor.ownMethods().map((method) => method.definition));
}

function isInParameters(file: PredictorFile, offset: number): boolean {
  return functionsOf(file).some(({ parametersSpan }) => parametersSpan.from < offset && offset <= parametersSpan.to);
}

/** The string that names a parameter in one of our decorators. */
function decoratorNameAt(
  file: PredictorFile,
  predictor: Predictor | undefined,
  offset: number,
): { names: string[]; span: { from: number; to: number } } | undefined {
  for (const method of predictor?.ownMethods() ?? []) {
    const { injectors, parameters } = file.injection(method);
    for (const { nameSpan } of injectors) {
      if (nameSpan && nameSpan.from <= offset && offset <= nameSpan.to)
        return { names: parameters.map((parameter) => parameter.name), span: nameSpan };
    }
  }
  return undefined;
}

function decorators(file: PredictorFile): Choice[] {
  const import_ = (name: string): Choice['alongside'] => importEdits(file, 'spell.serving', name);
  return [
    {
      label: 'with_full_request',
      kind: CompletionItemKind.Function,
      text: 'with_full_request()',
      detail: 'the Request into a parameter, `request` unless `name` says otherwise',
      alongside: import_('with_full_request') ?? [],
    },
    {
      label: 'with_background_tasks',
      kind: CompletionItemKind.Function,
      text: 'with_background_tasks()',
      detail: 'the BackgroundTasks into a parameter, `tasks` unless `name` says otherwise',
      alongside: import_('with_background_tasks') ?? [],
    },
  ];
}

function annotations(file: PredictorFile): Choice[] {
  return [
    {
      label: 'Request',
      kind: CompletionItemKind.Class,
      detail: 'receives the whole request (starlette.requests)',
      alongside: importEdits(file, 'starlette.requests', 'Request'),
    },
    {
      label: 'BackgroundTasks',
      kind: CompletionItemKind.Class,
      detail: 'receives tasks that run after the answer (starlette.background)',
      alongside: importEdits(file, 'starlette.background', 'BackgroundTasks'),
    },
  ];
}

/** What stands behind `self.model_info.` and `metrics.`. */
function members(file: PredictorFile, before: string, dot: number): Choice[] {
  const object = /([\w.]+)\.\w*$/.exec(before)?.[1] ?? '';
  if (/^\w+\.model_info$/.test(object) && predictorAt(file, dot)) {
    return [
      { label: 'name', kind: CompletionItemKind.Field, detail: "the model's name" },
      { label: 'version', kind: CompletionItemKind.Field, detail: 'the version: its custom name, or v1, v2, …' },
      { label: 'path', kind: CompletionItemKind.Method, text: 'path()', detail: "the folder that holds the model's files" },
    ];
  }
  const [first, ...rest] = object.split('.');
  if (!first) return [];
  let expression = { kind: 'name', id: first, from: 0, to: 0 } as Parameters<typeof externalName>[2];
  for (const name of rest) expression = { kind: 'attribute', object: expression, name, nameSpan: { from: 0, to: 0 }, from: 0, to: 0 };
  if (externalName(file.project, { module: file.module }, expression) !== 'spell.serving.metrics') return [];
  return [
    {
      label: 'send_metric',
      kind: CompletionItemKind.Function,
      text: `send_metric(${stop(1, '"name"')}, ${stop(2, 'value')})`,
      detail: 'send_metric(name, value, tag=None)',
    },
    { label: 'prometheus', kind: CompletionItemKind.Module, detail: 'the module prometheus_client' },
  ];
}

/** The methods that a predictor does not have yet. */
function methods(file: PredictorFile, predictor: Predictor): Choice[] {
  const unit = /^(?:\t| {1,8})(?=\S)/m.exec(file.text)?.[0] ?? '    ';
  const known = new Set(predictor.ownMethods().map((method) => method.name));
  const all: (Choice & { readonly name: string })[] = [
    {
      name: '__init__',
      label: 'def __init__',
      text: `def __init__(self):\n${unit}${stop(1, 'pass')}`,
      detail: 'runs once per process, before the first request',
    },
    {
      name: 'predict',
      label: 'def predict',
      text: `def predict(self, payload):\n${unit}return ${stop(1, 'payload')}`,
      detail: 'answers a request',
    },
    {
      name: 'prepare',
      label: 'def prepare',
      text: `def prepare(self, payload):\n${unit}return ${stop(1, 'payload')}`,
      detail: 'runs for each request before it joins a batch',
    },
    {
      name: 'health',
      label: 'def health',
      text: `def health(self):\n${unit}return {"status": "ok"}`,
      detail: 'answers /health; raise to say that the pod is unhealthy',
    },
  ].map((each) => ({ ...each, kind: CompletionItemKind.Method }));
  return all.filter(({ name }) => !known.has(name)).map(({ name: _, ...choice }) => choice);
}

function skeleton(file: PredictorFile): Choice {
  return {
    label: 'class Predictor',
    kind: CompletionItemKind.Snippet,
    text: `class ${stop(1, 'Predictor')}(BasePredictor):\n    def __init__(self):\n        ${stop(2, 'pass')}\n\n    def predict(self, payload):\n        ${stop(3, 'return payload')}\n`,
    detail: 'a predictor',
    alongside: importEdits(file, 'spell.serving', 'BasePredictor'),
  };
}

/** A place of a snippet that the cursor stops at. */
function stop(number: number, text: string): string {
  return `\${${number}:${text}}`;
}
