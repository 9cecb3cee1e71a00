import type { ClassDefinition, FunctionDefinition, ImportFrom, Parameter, Statement } from '../../parse/python/ast.ts';
import { statementsOf } from '../../parse/python/file.ts';
import type { Edit } from '../rules/rule.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';

/** How the file indents: what its first indented line begins with, else four spaces. */
export function indentUnit(file: PredictorFile): string {
  return /^(?:\t| {1,8})(?=\S)/m.exec(file.text)?.[0] ?? '    ';
}

/** Makes `name` of a module usable: adds it to the module's import, or a new import. No edit when it is bound already. */
export function importEdits(file: PredictorFile, module: string, name: string): Edit[] {
  const known = file.module.bindings.names.get(name);
  if (known && known.length > 0) return [];
  const top = statementsOf(file.file);
  const existing = top.find(
    (statement): statement is ImportFrom =>
      statement.kind === 'import-from' &&
      statement.level === 0 &&
      statement.module === module &&
      !statement.names.some((each) => each.name === '*'),
  );
  const last = existing?.names.at(-1);
  if (existing && last) return [{ path: file.path, span: { from: last.to, to: last.to }, text: `, ${name}` }];
  return [insertLineAfterImports(file, `from ${module} import ${name}`)];
}

/** Makes `module` usable by its own name. */
export function importModuleEdits(file: PredictorFile, module: string): Edit[] {
  return file.module.bindings.names.has(module) ? [] : [insertLineAfterImports(file, `import ${module}`)];
}

function insertLineAfterImports(file: PredictorFile, line: string): Edit {
  const { newline } = file.lines;
  const top = statementsOf(file.file);
  let after: Statement | undefined;
  for (const [index, statement] of top.entries()) {
    const docstring = index === 0 && statement.kind === 'expression' && statement.values[0]?.kind === 'string';
    if (statement.kind !== 'import' && statement.kind !== 'import-from' && !docstring) break;
    after = statement;
  }
  if (!after) {
    const start = file.text.charCodeAt(0) === 0xfeff ? 1 : 0;
    // A hash-bang and an encoding line stay first.
    const head = /^(?:#[^\r\n]*(?:\r\n|\n|\r))*/.exec(file.text.slice(start))?.[0].length ?? 0;
    const follows = /^import|^from/.test(file.text.slice(start + head)) ? '' : newline;
    return { path: file.path, span: { from: start + head, to: start + head }, text: `${line}${newline}${follows}` };
  }
  const end = file.lines.end(file.lines.lineAt(after.to));
  return { path: file.path, span: { from: end, to: end }, text: `${newline}${line}` };
}

/** Adds a method at the end of a class. `lines` are without indentation for the `def` and with one unit for its body. */
export function addMethodEdit(file: PredictorFile, definition: ClassDefinition, lines: readonly string[]): Edit {
  const unit = indentUnit(file);
  const { newline } = file.lines;
  const indent = bodyIndent(file, definition);
  const text = lines.map((line) => indent + line.replace(/^ {4}/, unit)).join(newline);
  const placeholder = solePlaceholder(definition.body);
  if (placeholder) {
    const start = file.lines.start(file.lines.lineAt(placeholder.from));
    const own = /^\s*$/.test(file.text.slice(start, placeholder.from));
    return {
      path: file.path,
      span: { from: own ? start : placeholder.from, to: placeholder.to },
      text: own ? text : `${newline}${text}`,
    };
  }
  const at = definition.body.at(-1)?.to ?? definition.bodySpan.to;
  const end = file.lines.end(file.lines.lineAt(at));
  return { path: file.path, span: { from: end, to: end }, text: `${newline}${newline}${text}` };
}

/** Adds a method behind another of the same class. */
export function addMethodAfter(file: PredictorFile, owner: ClassDefinition, method: FunctionDefinition, lines: readonly string[]): Edit {
  const indent = bodyIndent(file, owner);
  const unit = indentUnit(file);
  const { newline } = file.lines;
  const end = file.lines.end(file.lines.lineAt(method.body.at(-1)?.to ?? method.bodySpan.to));
  const text = lines.map((line) => indent + line.replace(/^ {4}/, unit)).join(newline);
  return { path: file.path, span: { from: end, to: end }, text: newline + newline + text };
}

/** Adds a method before the others of a class, where `__init__` is looked for. */
export function addFirstMethodEdit(file: PredictorFile, definition: ClassDefinition, lines: readonly string[]): Edit {
  const first = definition.body.find((statement) => statement.kind === 'function');
  if (!first) return addMethodEdit(file, definition, lines);
  const { newline } = file.lines;
  const indent = bodyIndent(file, definition);
  const unit = indentUnit(file);
  const text = lines.map((line) => indent + line.replace(/^ {4}/, unit)).join(newline);
  const start = file.lines.start(file.lines.lineAt(first.from));
  return { path: file.path, span: { from: start, to: start }, text: `${text}${newline}${newline}` };
}

/** A body that is only `pass` or `...`. */
function solePlaceholder(body: readonly Statement[]): Statement | undefined {
  const [only] = body;
  if (!only || body.length !== 1) return undefined;
  const dots = only.kind === 'expression' && only.values[0]?.kind === 'constant' && only.values[0].value === '...';
  return only.kind === 'pass' || dots ? only : undefined;
}

/** The indentation of a class's or function's body. */
export function bodyIndent(file: PredictorFile, definition: ClassDefinition | FunctionDefinition): string {
  const outer = file.lines.indentAt(definition.keyword);
  const first = definition.body[0];
  if (!first) return outer + indentUnit(file);
  const line = file.lines.start(file.lines.lineAt(first.from));
  const indent = file.text.slice(line, first.from);
  return /^[ \t]*$/.test(indent) && indent.length > outer.length ? indent : outer + indentUnit(file);
}

/** Adds lines at the end of a function's body; one that is only `pass` is replaced. */
export function appendToBody(file: PredictorFile, definition: FunctionDefinition, lines: readonly string[]): Edit {
  const indent = bodyIndent(file, definition);
  const { newline } = file.lines;
  const text = lines.map((line) => indent + line).join(newline);
  const placeholder = solePlaceholder(definition.body);
  if (placeholder) {
    const start = file.lines.start(file.lines.lineAt(placeholder.from));
    const own = /^\s*$/.test(file.text.slice(start, placeholder.from));
    return { path: file.path, span: { from: own ? start : placeholder.from, to: placeholder.to }, text: own ? text : `${newline}${text}` };
  }
  const end = file.lines.end(file.lines.lineAt(definition.body.at(-1)?.to ?? definition.bodySpan.to));
  return { path: file.path, span: { from: end, to: end }, text: `${newline}${text}` };
}

/** Removes a statement with its line, when it has the line for itself. */
export function removeStatement(file: PredictorFile, statement: Statement): Edit {
  const start = file.lines.start(file.lines.lineAt(statement.from));
  const nextLine = file.lines.start(file.lines.lineAt(statement.to) + 1);
  const alone =
    /^[ \t]*$/.test(file.text.slice(start, statement.from)) && /^[ \t]*(?:#.*)?\s*$/.test(file.text.slice(statement.to, nextLine));
  return {
    path: file.path,
    span: alone ? { from: start, to: nextLine } : { from: statement.from, to: statement.to },
    text: alone ? '' : 'pass',
  };
}

/** Puts a decorator above a method's `def`. */
export function addDecorator(file: PredictorFile, definition: FunctionDefinition, decorator: string): Edit {
  const indent = file.lines.indentAt(definition.keyword);
  return {
    path: file.path,
    span: { from: definition.keyword, to: definition.keyword },
    text: `${decorator}${file.lines.newline}${indent}`,
  };
}

/** Removes a decorator with its line. */
export function removeDecorator(file: PredictorFile, decorator: { readonly from: number; readonly to: number }): Edit {
  const start = file.lines.start(file.lines.lineAt(decorator.from));
  return { path: file.path, span: { from: start, to: file.lines.start(file.lines.lineAt(decorator.to) + 1) }, text: '' };
}

/** Adds a parameter behind the others (before `*`, `*args` and `**kwargs`). */
export function addParameter(file: PredictorFile, definition: FunctionDefinition, parameter: string): Edit {
  const positional = definition.parameters.filter((each) => each.kind === 'positional' || each.kind === 'positional-only');
  const required = positional.filter((each) => !each.default);
  const after: Parameter | undefined = required.at(-1);
  const at = after?.to ?? definition.parametersSpan.from + 1;
  const rest = file.text.slice(at, definition.parametersSpan.to - 1).trim();
  const text = after ? `, ${parameter}` : rest === '' ? parameter : `${parameter}, `;
  return { path: file.path, span: { from: at, to: at }, text };
}

/** Drops the `async` before `def`. */
export function makeSync(file: PredictorFile, definition: FunctionDefinition): Edit {
  const length = /^async\s+/.exec(file.text.slice(definition.keyword, definition.nameSpan.from))?.[0].length ?? 0;
  return { path: file.path, span: { from: definition.keyword, to: definition.keyword + length }, text: '' };
}
