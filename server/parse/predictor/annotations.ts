import { requestClass, tasksClass } from '../project/known.ts';
import { externalName, meanings } from '../project/meaning.ts';
import type { Project } from '../project/project.ts';
import type { Scope } from '../project/scope.ts';
import type { Expression } from '../python/ast.ts';
import { parseExpression } from '../python/expression.ts';
import { type Lineage, lineageOf } from './lineage.ts';

/** What a parameter's annotation asks for. `other` is surely neither, `unknown` may be either. */
export type Asked = 'request' | 'tasks' | 'other' | 'unknown';

/**
 * What each member of an annotation asks for: `Optional[Request]` has one member. Texts are read as expressions,
 * `Annotated` is looked through, `None` does not count.
 */
export function askedBy(project: Project, scope: Scope, annotation: Expression): Asked[] {
  if (annotation.kind === 'string') {
    const inner = annotation.content && parseExpression(annotation.value, annotation.content.from);
    return inner ? askedBy(project, scope, inner) : ['unknown'];
  }
  if (annotation.kind === 'constant') return annotation.value === 'None' ? [] : ['unknown'];
  if (annotation.kind === 'binary' && annotation.operator === '|')
    return [...askedBy(project, scope, annotation.left), ...askedBy(project, scope, annotation.right)];
  if (annotation.kind === 'subscript') {
    const generic = externalName(project, scope, annotation.object)?.replace(/^typing_extensions\./, 'typing.');
    const [first] = annotation.indices;
    if (generic === 'typing.Optional' || generic === 'typing.Union')
      return annotation.indices
        .flatMap((index) => (index.kind === 'tuple' ? index.items : [index]))
        .flatMap((index) => askedBy(project, scope, index));
    if (generic === 'typing.Annotated' && first) return askedBy(project, scope, first.kind === 'tuple' ? (first.items[0] ?? first) : first);
  }
  return [ofType(project, scope, annotation)];
}

function ofType(project: Project, scope: Scope, annotation: Expression): Asked {
  const asked = meanings(project, scope, annotation).map((meaning): Asked => {
    if (meaning.kind === 'external') return ofExternal(meaning.path);
    return meaning.kind === 'class' ? ofClass(lineageOf(project, meaning)) : 'unknown';
  });
  // A branch for old versions (`Request = None`) does not make the annotation mean less.
  return strongest(asked);
}

/** A class of the project asks for what its bases ask for. */
function ofClass({ external, open }: Lineage): Asked {
  const inherited = strongest(external.map(ofExternal));
  if (inherited === 'request' || inherited === 'tasks') return inherited;
  return open && inherited === 'unknown' ? 'unknown' : 'other';
}

function strongest(asked: readonly Asked[]): Asked {
  const order: readonly Asked[] = ['request', 'tasks', 'unknown', 'other'];
  return order.find((each) => asked.includes(each)) ?? 'unknown';
}

/** Modules whose types are surely neither a request nor background tasks. */
const plain =
  /^(builtins|typing|typing_extensions|collections|datetime|decimal|uuid|pathlib|io|enum|abc|numbers|numpy|pandas|PIL|torch|tensorflow|pydantic|polars)(\.|$)/;

function ofExternal(path: string): Asked {
  if (path === requestClass) return 'request';
  if (path === tasksClass) return 'tasks';
  if (path === 'typing.Any' || path === 'builtins.object') return 'unknown';
  return plain.test(path) ? 'other' : 'unknown';
}
