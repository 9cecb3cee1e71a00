import type {
  ClassDefinition,
  Expression,
  FunctionDefinition,
  Import,
  ImportedName,
  ImportFrom,
  Name,
  Parameter,
  Statement,
} from '../python/ast.ts';
import type { PythonFile, Unit } from '../python/file.ts';
import { walk } from '../python/walk.ts';

/** When a binding is made: always, only for type checkers, or in a branch that may not run. */
export type Condition = 'always' | 'type-checking' | 'maybe';

interface Bound {
  readonly name: string;
  readonly condition: Condition;
}

/** One way in which a name gets its meaning. */
export type Binding =
  | (Bound & {
      readonly kind: 'class';
      readonly definition: ClassDefinition /** It has bases; known without reading the definition. */;
      readonly derives: boolean;
    })
  | (Bound & { readonly kind: 'function'; readonly definition: FunctionDefinition })
  | (Bound & { readonly kind: 'import'; readonly statement: Import; readonly imported: ImportedName })
  | (Bound & { readonly kind: 'import-from'; readonly statement: ImportFrom; readonly imported: ImportedName })
  | (Bound & { readonly kind: 'parameter'; readonly parameter: Parameter })
  /** Bound by an assignment of this value. */
  | (Bound & { readonly kind: 'value'; readonly value: Expression; readonly annotation?: Expression; readonly target: Name })
  /** Bound by a loop, a `with`, an unpacking, an annotation alone … */
  | (Bound & { readonly kind: 'opaque'; readonly target?: Name; readonly annotation?: Expression; readonly from?: Expression });

/** The names that a module, class or function binds in its own body. */
export interface Bindings {
  readonly names: ReadonlyMap<string, readonly Binding[]>;
  /** `from … import *`. */
  readonly stars: readonly ImportFrom[];
  /** Names that `global` or `nonlocal` hands to an outer scope. */
  readonly outer: ReadonlySet<string>;
}

class Collector {
  readonly names = new Map<string, Binding[]>();
  readonly stars: ImportFrom[] = [];
  readonly outer = new Set<string>();

  add(binding: Binding): void {
    const known = this.names.get(binding.name);
    if (known) known.push(binding);
    else this.names.set(binding.name, [binding]);
  }

  block(body: readonly Statement[], condition: Condition): void {
    for (const statement of body) this.statement(statement, condition);
  }

  statement(statement: Statement, condition: Condition): void {
    switch (statement.kind) {
      case 'class':
        this.add({ kind: 'class', name: statement.name, condition, definition: statement, derives: statement.args.length > 0 });
        return;
      case 'function':
        this.add({ kind: 'function', name: statement.name, condition, definition: statement });
        return;
      case 'import':
        for (const imported of statement.names) {
          const name = imported.alias ?? imported.name.split('.')[0] ?? imported.name;
          this.add({ kind: 'import', name, condition, statement, imported });
        }
        return;
      case 'import-from':
        for (const imported of statement.names) {
          if (imported.name === '*') this.stars.push(statement);
          else this.add({ kind: 'import-from', name: imported.alias ?? imported.name, condition, statement, imported });
        }
        return;
      case 'assign':
        this.assign(statement, condition);
        break;
      case 'if': {
        for (const branch of statement.branches) {
          const typing = branch.tests.some(isTypeChecking);
          this.block(branch.body, typing ? 'type-checking' : condition === 'type-checking' ? condition : 'maybe');
        }
        break;
      }
      case 'while':
      case 'try':
      case 'match': {
        const inner = condition === 'always' ? 'maybe' : condition;
        for (const branch of statement.branches) {
          for (const name of branch.binds) this.add({ kind: 'opaque', name: name.id, condition: inner, target: name });
          // What `finally` binds is bound whatever happens.
          this.block(branch.body, branch.keyword === 'finally' ? condition : inner);
        }
        break;
      }
      case 'for':
        this.target(statement.target, condition, undefined, statement.iterable);
        this.block(statement.body, condition === 'always' ? 'maybe' : condition);
        this.block(statement.otherwise, condition === 'always' ? 'maybe' : condition);
        break;
      case 'with':
        for (const item of statement.items) if (item.target) this.target(item.target, condition, undefined, item.value);
        this.block(statement.body, condition);
        break;
      case 'global':
      case 'nonlocal':
        for (const name of statement.names) this.outer.add(name.id);
        return;
      default:
        break;
    }
    this.walruses(statement, condition);
  }

  /** Binds the names of a target. Only a plain `name = value` says what the value is. */
  target(target: Expression, condition: Condition, value?: Expression, from?: Expression, annotation?: Expression): void {
    if (target.kind === 'name') {
      const common = { name: target.id, condition, target, ...(annotation ? { annotation } : {}) };
      this.add(value ? { kind: 'value', value, ...common } : { kind: 'opaque', ...(from ? { from } : {}), ...common });
    } else if (target.kind === 'tuple' || target.kind === 'list') {
      for (const item of target.items) this.target(item, condition, undefined, from ?? value);
    } else if (target.kind === 'unary' && target.operand) this.target(target.operand, condition, undefined, from ?? value);
  }

  assign(statement: Extract<Statement, { kind: 'assign' }>, condition: Condition): void {
    const value = statement.operator === undefined ? statement.value : undefined;
    for (const target of statement.targets) this.target(target, condition, value, statement.value, statement.annotation);
  }

  /** `:=` binds in the scope around it, wherever it stands; nested statements are looked at on their own. */
  walruses(statement: Statement, condition: Condition): void {
    walk(statement, (node) => {
      if (node !== statement && isStatement(node)) return false;
      if (node.kind === 'lambda') return false;
      if (node.kind === 'walrus') this.target(node.target, condition === 'always' ? 'maybe' : condition, node.value);
      return undefined;
    });
  }
}

const statementKinds = new Set<string>([
  'function',
  'class',
  'import',
  'import-from',
  'assign',
  'expression',
  'return',
  'raise',
  'delete',
  'assert',
  'type-alias',
  'if',
  'while',
  'try',
  'match',
  'for',
  'with',
  'global',
  'nonlocal',
  'pass',
  'break',
  'continue',
]);

function isStatement(node: { readonly kind: string }): boolean {
  return statementKinds.has(node.kind);
}

/** `TYPE_CHECKING`, `typing.TYPE_CHECKING`. */
function isTypeChecking(test: Expression): boolean {
  return (test.kind === 'name' && test.id === 'TYPE_CHECKING') || (test.kind === 'attribute' && test.name === 'TYPE_CHECKING');
}

/** The names that a body binds: a class's, or a function's with its parameters. */
export function bindingsOf(body: readonly Statement[], parameters: readonly Parameter[] = []): Bindings {
  const collector = new Collector();
  for (const parameter of parameters) collector.add({ kind: 'parameter', name: parameter.name, condition: 'always', parameter });
  collector.block(body, 'always');
  return collector;
}

/** A class at the top of a module, whose body is turned into plain data only when somebody asks for it. */
class UnreadClass {
  readonly kind = 'class';
  readonly condition = 'always';
  readonly name: string;
  readonly derives: boolean;
  readonly #unit: Unit;

  constructor(unit: Unit, name: string, derives: boolean) {
    this.#unit = unit;
    this.name = name;
    this.derives = derives;
  }

  get definition(): ClassDefinition {
    const found = this.#unit.statements.find((statement) => statement.kind === 'class');
    if (!found) throw new Error(`${this.name} is no class after all`);
    return found;
  }
}

/** A function at the top of a module, likewise. */
class UnreadFunction {
  readonly kind = 'function';
  readonly condition = 'always';
  readonly name: string;
  readonly #unit: Unit;

  constructor(unit: Unit, name: string) {
    this.#unit = unit;
    this.name = name;
  }

  get definition(): FunctionDefinition {
    const found = this.#unit.statements.find((statement) => statement.kind === 'function');
    if (!found) throw new Error(`${this.name} is no function after all`);
    return found;
  }
}

const ofFile = new WeakMap<PythonFile, Bindings>();

/** The names that a module binds. Functions and classes at its top are bound without looking into them. */
export function moduleBindings(file: PythonFile): Bindings {
  const known = ofFile.get(file);
  if (known) return known;
  const collector = new Collector();
  for (const unit of file.units) {
    const { defines } = unit;
    if (!defines) collector.block(unit.statements, 'always');
    else
      collector.add(
        defines.kind === 'class' ? new UnreadClass(unit, defines.name, defines.derives) : new UnreadFunction(unit, defines.name),
      );
  }
  ofFile.set(file, collector);
  return collector;
}
