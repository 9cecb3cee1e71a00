import type { Span } from '../text/span.ts';

/**
 * Python as the rules see it: plain data, offsets into the whole text, no trace of the parser that made it. What was
 * not understood is `unknown`; nothing here says that a program is right.
 */
export interface Name extends Span {
  readonly kind: 'name';
  readonly id: string;
}

export interface Attribute extends Span {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: string;
  readonly nameSpan: Span;
}

export interface Argument extends Span {
  /** The keyword, for `key=value`. */
  readonly name?: string;
  readonly nameSpan?: Span;
  /** 1 for `*value`, 2 for `**value`. */
  readonly stars: 0 | 1 | 2;
  readonly value: Expression;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Argument[];
  /** From `(` to `)`. */
  readonly argsSpan: Span;
}

export interface Subscript extends Span {
  readonly kind: 'subscript';
  readonly object: Expression;
  /** The indices; a slice is one `slice` expression. */
  readonly indices: readonly Expression[];
}

export interface Str extends Span {
  readonly kind: 'string';
  /** With its escapes resolved; adjacent literals are joined. */
  readonly value: string;
  readonly bytes: boolean;
  /** What stands between the quotes, when it is one literal; for edits and positions inside it. */
  readonly content?: Span;
}

export interface FormatString extends Span {
  readonly kind: 'fstring';
  /** The literal text before the first replacement. */
  readonly prefix: string;
  readonly values: readonly Expression[];
}

export interface Num extends Span {
  readonly kind: 'number';
  readonly text: string;
}

export interface Constant extends Span {
  readonly kind: 'constant';
  readonly value: 'None' | 'True' | 'False' | '...';
}

/** `(a, b)`, `[a, b]`, `{a, b}`, and tuples without parentheses. */
export interface Sequence extends Span {
  readonly kind: 'tuple' | 'list' | 'set';
  readonly items: readonly Expression[];
}

export interface Dict extends Span {
  readonly kind: 'dict';
  /** `**value` has no key. */
  readonly entries: readonly { readonly key?: Expression; readonly value: Expression }[];
}

export interface ComprehensionClause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

export interface Comprehension extends Span {
  readonly kind: 'comprehension';
  readonly of: 'list' | 'set' | 'dict' | 'generator';
  /** A dictionary's has two elements, key and value. */
  readonly elements: readonly Expression[];
  readonly clauses: readonly ComprehensionClause[];
}

export interface Lambda extends Span {
  readonly kind: 'lambda';
  readonly parameters: readonly Parameter[];
  readonly body: Expression;
}

/** One operand: `not a`, `-a`, `~a`, `await a`, `*a`, `**a`, `yield a`, `yield from a`. */
export interface Unary extends Span {
  readonly kind: 'unary';
  readonly operator: string;
  readonly operand?: Expression;
}

/** Two operands: arithmetic, comparison, `and`, `or`, `in`, `not in`, `is`, `is not`. */
export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Conditional extends Span {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

export interface Walrus extends Span {
  readonly kind: 'walrus';
  readonly target: Expression;
  readonly value: Expression;
}

export interface Unknown extends Span {
  readonly kind: 'unknown' | 'slice';
  readonly parts: readonly Expression[];
}

export type Expression =
  | Name
  | Attribute
  | Call
  | Subscript
  | Str
  | FormatString
  | Num
  | Constant
  | Sequence
  | Dict
  | Comprehension
  | Lambda
  | Unary
  | Binary
  | Conditional
  | Walrus
  | Unknown;

export interface Parameter extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly annotation?: Expression;
  readonly default?: Expression;
  readonly kind: 'positional-only' | 'positional' | 'keyword-only' | 'args' | 'kwargs';
}

export interface Decorator extends Span {
  /** What stands after the `@`. */
  readonly expression: Expression;
}

interface Definition extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly decorators: readonly Decorator[];
  /** Where `def`, `async def` or `class` begins, after the decorators. `from` is where the first decorator begins. */
  readonly keyword: number;
  readonly body: readonly Statement[];
  /** From the `:` to the end of the last statement. Empty where the parser found no body. */
  readonly bodySpan: Span;
}

export interface FunctionDefinition extends Definition {
  readonly kind: 'function';
  readonly async: boolean;
  readonly parameters: readonly Parameter[];
  /** From `(` to `)`. */
  readonly parametersSpan: Span;
  readonly returns?: Expression;
}

export interface ClassDefinition extends Definition {
  readonly kind: 'class';
  /** Bases and keywords (`metaclass=…`). */
  readonly args: readonly Argument[];
  readonly argsSpan?: Span;
}

/** One name that an import binds. */
export interface ImportedName extends Span {
  /** `a.b` in `import a.b`, `c` in `from a import c`, `*` for all. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly alias?: string;
  readonly aliasSpan?: Span;
}

export interface Import extends Span {
  readonly kind: 'import';
  readonly names: readonly ImportedName[];
}

export interface ImportFrom extends Span {
  readonly kind: 'import-from';
  /** `a.b`, empty in `from . import c`. */
  readonly module: string;
  readonly moduleSpan: Span;
  /** The number of leading dots. */
  readonly level: number;
  readonly names: readonly ImportedName[];
}

export interface Assign extends Span {
  readonly kind: 'assign';
  /** Several in `a = b = value`. */
  readonly targets: readonly Expression[];
  readonly annotation?: Expression;
  /** `+=` and its like. */
  readonly operator?: string;
  readonly value?: Expression;
}

/** Statements that hold one optional expression. */
export interface Simple extends Span {
  readonly kind: 'expression' | 'return' | 'raise' | 'delete' | 'assert' | 'type-alias';
  readonly values: readonly Expression[];
}

/** A body with what introduces it. `if`, `while`, `match` and their parts, `else`, `finally`. */
export interface Branch {
  readonly tests: readonly Expression[];
  /** Names that the head binds: `except … as e`, captures of a pattern. */
  readonly binds: readonly Name[];
  readonly body: readonly Statement[];
  readonly keyword: 'if' | 'elif' | 'else' | 'while' | 'try' | 'except' | 'finally' | 'case';
}

export interface Compound extends Span {
  readonly kind: 'if' | 'while' | 'try' | 'match';
  /** Of `match`. */
  readonly subject?: Expression;
  readonly branches: readonly Branch[];
}

export interface For extends Span {
  readonly kind: 'for';
  readonly async: boolean;
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface With extends Span {
  readonly kind: 'with';
  readonly async: boolean;
  readonly items: readonly { readonly value: Expression; readonly target?: Expression }[];
  readonly body: readonly Statement[];
}

export interface ScopeStatement extends Span {
  readonly kind: 'global' | 'nonlocal';
  readonly names: readonly Name[];
}

export interface Plain extends Span {
  readonly kind: 'pass' | 'break' | 'continue' | 'unknown';
}

export type Statement =
  | FunctionDefinition
  | ClassDefinition
  | Import
  | ImportFrom
  | Assign
  | Simple
  | Compound
  | For
  | With
  | ScopeStatement
  | Plain;

export type Node = Expression | Statement;
