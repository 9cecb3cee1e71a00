import { externalName, meanings } from '../project/meaning.ts';
import type { Project } from '../project/project.ts';
import { bindingsIn, lookup, type Scope } from '../project/scope.ts';
import type { Expression, FunctionDefinition } from '../python/ast.ts';
import { walkOwn } from '../python/walk.ts';

/** What kind of value an expression certainly makes. `unknown` is the usual answer. */
export type Shape =
  | 'none'
  | 'bool'
  | 'number'
  | 'str'
  | 'bytes'
  | 'dict'
  | 'list'
  | 'tuple'
  | 'set'
  | 'generator'
  | 'iterator'
  | 'lambda'
  | 'function'
  | 'class'
  | 'module'
  | 'file'
  | 'lock'
  | 'object'
  | 'datetime'
  | 'decimal'
  | 'complex'
  | 'path'
  | 'response'
  | 'unknown';

/** What calls of these make. */
const made: Record<string, Shape> = {
  'builtins.set': 'set',
  'builtins.frozenset': 'set',
  'builtins.dict': 'dict',
  'builtins.list': 'list',
  'builtins.sorted': 'list',
  'builtins.tuple': 'tuple',
  'builtins.str': 'str',
  'builtins.repr': 'str',
  'builtins.bytes': 'bytes',
  'builtins.bytearray': 'bytes',
  'builtins.bool': 'bool',
  'builtins.int': 'number',
  'builtins.float': 'number',
  'builtins.len': 'number',
  'builtins.map': 'iterator',
  'builtins.filter': 'iterator',
  'builtins.zip': 'iterator',
  'builtins.enumerate': 'iterator',
  'builtins.reversed': 'iterator',
  'builtins.iter': 'iterator',
  'builtins.range': 'iterator',
  'builtins.open': 'file',
  'io.open': 'file',
  'builtins.object': 'object',
  'builtins.complex': 'complex',
  'decimal.Decimal': 'decimal',
  'pathlib.Path': 'path',
  'pathlib.PurePath': 'path',
  'datetime.datetime': 'datetime',
  'datetime.date': 'datetime',
  'datetime.timedelta': 'datetime',
  'datetime.datetime.now': 'datetime',
  'datetime.datetime.utcnow': 'datetime',
  'datetime.datetime.today': 'datetime',
  'datetime.datetime.fromtimestamp': 'datetime',
  'datetime.date.today': 'datetime',
  'threading.Lock': 'lock',
  'threading.RLock': 'lock',
  'threading.Condition': 'lock',
  'threading.Semaphore': 'lock',
  'threading.Event': 'lock',
  'json.dumps': 'str',
};

const responses = /^starlette\.responses\.\w*Response$/;

/** How far assignments are followed. */
const deepest = 6;

/** What an expression certainly makes. A name is followed to its value when its scope binds it once, by a plain assignment. */
export function shapeOf(project: Project, scope: Scope, expression: Expression, depth = 0): Shape {
  if (depth > deepest) return 'unknown';
  switch (expression.kind) {
    case 'constant':
      return expression.value === 'None' ? 'none' : expression.value === '...' ? 'unknown' : 'bool';
    case 'number':
      return /j$/i.test(expression.text) ? 'complex' : 'number';
    case 'string':
      return expression.bytes ? 'bytes' : 'str';
    case 'fstring':
      return 'str';
    case 'dict':
      return 'dict';
    case 'list':
    case 'tuple':
    case 'set':
      return expression.kind;
    case 'lambda':
      return 'lambda';
    case 'comprehension':
      return expression.of;
    case 'call':
      return ofCall(project, scope, expression.callee);
    case 'conditional': {
      const [a, b] = [shapeOf(project, scope, expression.whenTrue, depth + 1), shapeOf(project, scope, expression.whenFalse, depth + 1)];
      return a === b ? a : 'unknown';
    }
    case 'name':
    case 'attribute':
      return ofReference(project, scope, expression, depth);
    default:
      return 'unknown';
  }
}

function ofCall(project: Project, scope: Scope, callee: Expression): Shape {
  const name = externalName(project, scope, callee);
  if (name !== undefined) return Object.hasOwn(made, name) ? (made[name] ?? 'unknown') : responses.test(name) ? 'response' : 'unknown';
  const found = meanings(project, scope, callee);
  const [only] = found;
  // Calling a function that yields makes a generator, whatever it computes.
  if (found.length === 1 && only?.kind === 'function' && !only.definition.async && only.definition.decorators.length === 0) {
    return yields(only.definition) ? 'generator' : 'unknown';
  }
  return 'unknown';
}

function ofReference(project: Project, scope: Scope, expression: Expression, depth: number): Shape {
  if (expression.kind === 'name') {
    const value = soleValue(scope, expression.id);
    if (value) return shapeOf(project, value.scope, value.value, depth + 1);
    const bindings = lookup(scope, expression.id)?.bindings;
    if (bindings?.length === 1 && bindings[0]?.kind === 'import') return 'module';
    if (isLocal(scope, expression.id)) return 'unknown';
  }
  const found = meanings(project, scope, expression);
  const [only] = found;
  if (found.length !== 1 || !only) return 'unknown';
  if (only.kind === 'class' || only.kind === 'function' || only.kind === 'module') return only.kind;
  return 'unknown';
}

/** The value of a name that a function binds exactly once, always, and by an assignment. */
export function soleValue(scope: Scope, name: string): { value: Expression; scope: Scope } | undefined {
  if (scope.owner?.kind !== 'function') return undefined;
  const found = lookup(scope, name);
  const [binding] = found?.bindings ?? [];
  if (!found || found.scope !== scope || found.bindings.length !== 1 || binding?.kind !== 'value') return undefined;
  return { value: binding.value, scope: found.scope };
}

function isLocal(scope: Scope, name: string): boolean {
  return (
    scope.owner !== undefined &&
    bindingsIn(scope).names.has(name) &&
    !bindingsIn(scope)
      .names.get(name)
      ?.every((each) => each.kind === 'class' || each.kind === 'function')
  );
}

/** Whether calling a function makes a generator. */
export function yields(definition: FunctionDefinition): boolean {
  let found = false;
  walkOwn(definition.body, (node) => {
    if (node.kind === 'unary' && node.operator.startsWith('yield')) found = true;
  });
  return found;
}
