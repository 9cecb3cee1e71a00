import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import { bindingsIn } from '../../parse/project/scope.ts';
import type { Call, FunctionDefinition, Node, Statement, With } from '../../parse/python/ast.ts';
import { walk } from '../../parse/python/walk.ts';
import type { Edit, Fix } from '../rules/rule.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import { addFirstMethodEdit, appendToBody, indentUnit, removeStatement } from './python-edits.ts';

/**
 * Moves a call whose arguments are the same each time into `__init__`, with the `with` that opens its file.
 * `name = load(…)` becomes an attribute, and every use of the name one of that; `self.load()` stays itself.
 */
export function onceInInit(file: PredictorFile, predictor: Predictor, method: Method, call: Call): Fix[] {
  const place = placeOf(method, call);
  const init = predictor.ownMethods().find((each) => each.name === '__init__');
  if (!place || method.binding !== 'instance' || (!init && predictor.member('__init__').kind !== 'none')) return [];
  const { outer, statement } = place;
  const moved = moveOf(file, method, statement, call);
  if (!moved || mentionsLocals(file, method, call, outer)) return [];
  const unit = indentUnit(file);
  const lines = outer ? [file.read({ from: outer.from, to: statement.from }).trim(), `${unit}${moved.line}`] : [moved.line];
  if (lines[0]?.includes('\n')) return [];
  const edit = init
    ? appendToBody(file, init.definition, lines)
    : addFirstMethodEdit(file, predictor.definition, ['def __init__(self):', ...lines.map((line) => unit + line)]);
  return [{ title: 'Load it in `__init__`', preferred: true, edits: [edit, removeStatement(file, outer ?? statement), ...moved.uses] }];
}

/** The statement that is the call, at the top of the method or alone in a `with` there. */
function placeOf(method: Method, call: Call): { statement: Statement; outer?: With } | undefined {
  for (const statement of method.definition.body) {
    if (calls(statement, call)) return { statement };
    const [only, ...more] = statement.kind === 'with' && !statement.async ? statement.body : [];
    if (statement.kind === 'with' && only && more.length === 0 && calls(only, call)) return { statement: only, outer: statement };
  }
  return undefined;
}

function calls(statement: Statement, call: Call): boolean {
  return (
    (statement.kind === 'assign' && statement.value === call) ||
    (statement.kind === 'expression' && statement.values.length === 1 && statement.values[0] === call)
  );
}

/** The line for `__init__`, and what becomes of the uses of the name that the statement binds. */
function moveOf(file: PredictorFile, method: Method, statement: Statement, call: Call): { line: string; uses: Edit[] } | undefined {
  if (statement.kind === 'expression') return { line: file.read(call), uses: [] };
  if (statement.kind !== 'assign' || statement.targets.length !== 1 || statement.annotation || statement.operator) return undefined;
  const [target] = statement.targets;
  if (target?.kind === 'attribute' && file.isSelf(method, target.object)) return { line: file.read(statement), uses: [] };
  if (target?.kind !== 'name' || bindingsIn(file.scope(method)).names.get(target.id)?.length !== 1) return undefined;
  const uses = usesOf(method.definition, target.id).filter((name) => name.from !== target.from);
  return {
    line: `self.${target.id} = ${file.read(call)}`,
    uses: uses.map((span) => ({ path: file.path, span, text: `self.${target.id}` })),
  };
}

/** Whether a call, or the `with` around it, needs names that only its method has. */
function mentionsLocals(file: PredictorFile, method: Method, call: Call, outer: With | undefined): boolean {
  const locals = bindingsIn(file.scope(method)).names;
  const opened = outer?.items.flatMap(({ target }) => (target?.kind === 'name' ? [target.id] : [])) ?? [];
  let found = false;
  for (const node of [call, ...(outer?.items.map((item) => item.value) ?? [])])
    walk(node, (each) => {
      if (each.kind === 'name' && locals.has(each.id) && !['self', ...opened].includes(each.id)) found = true;
    });
  return found;
}

function usesOf(definition: FunctionDefinition, name: string): Node[] {
  const found: Node[] = [];
  for (const statement of definition.body)
    walk(statement, (node) => {
      if (node.kind === 'name' && node.id === name) found.push({ ...node });
    });
  return found;
}
