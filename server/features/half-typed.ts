import type { FunctionDefinition } from '../parse/python/ast.ts';
import type { PythonFile } from '../parse/python/file.ts';
import type { Span } from '../parse/text/span.ts';

/**
 * Whether recovery may have made up what a finding is about (`spec/language-server.md` §3.4): something is no Python in the
 * same method, or, outside of classes, in the same statement. `return {"a` is no set yet.
 */
export function isHalfTyped(file: PythonFile, { from }: Span): boolean {
  if (file.problems.length === 0) return false;
  const unit = file.units.find((each) => each.from <= from && from < each.to);
  if (!unit) return false;
  const methods = unit.statements
    .flatMap((statement) => (statement.kind === 'class' ? statement.body : []))
    .filter((statement): statement is FunctionDefinition => statement.kind === 'function');
  const begins = methods.findLast((method) => method.from <= from)?.from ?? unit.from;
  const ends = methods.find((method) => method.from > from)?.from ?? unit.to;
  return file.problems.some((problem) => begins <= problem.from && problem.from <= ends);
}
