import { lineageOf } from '../../parse/predictor/lineage.ts';
import { externalName, meanings } from '../../parse/project/meaning.ts';
import type { ClassRef, Project } from '../../parse/project/project.ts';
import type { Scope } from '../../parse/project/scope.ts';
import type { Expression } from '../../parse/python/ast.ts';
import { parseExpression } from '../../parse/python/expression.ts';
import { type Json, literal } from './json.ts';

/** Models inside models are followed so far. */
const deepest = 6;

/** A value of a type; what says nothing more than "some JSON" (`dict`, `Any`) has none. */
const plain: Record<string, Json> = {
  'builtins.str': 'text',
  'builtins.int': 1,
  'builtins.float': 0.5,
  'builtins.bool': true,
  'builtins.bytes': 'text',
  'decimal.Decimal': 0.5,
  'datetime.datetime': '2026-01-31T12:00:00Z',
  'datetime.date': '2026-01-31',
  'datetime.time': '12:00:00',
  'uuid.UUID': '123e4567-e89b-42d3-a456-426614174000',
  'pathlib.Path': 'path',
};

const lists =
  /^(builtins\.(list|set|frozenset)|(typing|collections\.abc)\.(List|Set|FrozenSet|Sequence|MutableSequence|Iterable|Collection))$/;
const mappings = /^(builtins\.dict|(typing|collections\.abc)\.(Dict|Mapping|MutableMapping))$/;

/** A value that an annotation describes; undefined where it describes none, or nobody here knows it. */
export function fromAnnotation(project: Project, scope: Scope, annotation: Expression, depth = 0): Json | undefined {
  if (depth > deepest) return undefined;
  const inner = (expression: Expression | undefined): Json | undefined =>
    expression && fromAnnotation(project, scope, expression, depth + 1);
  if (annotation.kind === 'string') return inner(annotation.content && parseExpression(annotation.value, annotation.content.from));
  if (annotation.kind === 'binary' && annotation.operator === '|') return inner(annotation.left) ?? inner(annotation.right);
  if (annotation.kind === 'subscript') {
    const generic = (externalName(project, scope, annotation.object) ?? '').replace(/^typing_extensions\./, 'typing.');
    const types = annotation.indices.flatMap((index) => (index.kind === 'tuple' ? index.items : [index]));
    const [first, second] = types;
    if (lists.test(generic)) return [inner(first)].flatMap((each) => each ?? []);
    if (mappings.test(generic)) return Object.fromEntries([inner(second)].flatMap((each) => (each === undefined ? [] : [['key', each]])));
    if (/^(builtins\.tuple|typing\.Tuple)$/.test(generic)) return types.flatMap((each) => inner(each) ?? []);
    if (generic === 'typing.Optional' || generic === 'typing.Union') return types.map(inner).find((each) => each !== undefined);
    if (generic === 'typing.Literal') return first && literal(first);
    if (/^typing\.(Annotated|Required|NotRequired|ReadOnly)$/.test(generic)) return inner(first);
  }
  const [meaning] = meanings(project, scope, annotation);
  if (meaning?.kind === 'external') return plain[meaning.path];
  if (meaning?.kind === 'class') return fromClass(project, meaning, depth + 1);
  return meaning?.kind === 'value' ? fromAnnotation(project, meaning.scope, meaning.value, depth + 1) : undefined;
}

/** The fields that a dataclass, a model or a `TypedDict` declares, its bases' first; a default stands for itself. */
function fromClass(project: Project, start: ClassRef, depth: number): Json | undefined {
  const { classes, external } = lineageOf(project, start);
  const fields = new Map<string, Json>();
  for (const { module, definition } of classes.toReversed()) {
    const scope: Scope = { module, owner: definition, parent: { module } };
    for (const statement of definition.body) {
      if (statement.kind !== 'assign') continue;
      const [target] = statement.targets;
      const value = statement.value && literal(statement.value);
      if (external.includes('enum.Enum') && value !== undefined) return value;
      if (target?.kind !== 'name' || !statement.annotation || isOfTheClass(project, scope, statement.annotation)) continue;
      fields.set(target.id, value ?? fromAnnotation(project, scope, statement.annotation, depth) ?? null);
    }
  }
  return fields.size === 0 ? undefined : Object.fromEntries(fields);
}

/** `x: ClassVar[int]` is no field. */
function isOfTheClass(project: Project, scope: Scope, annotation: Expression): boolean {
  return externalName(project, scope, annotation)?.endsWith('.ClassVar') === true;
}
