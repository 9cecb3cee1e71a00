import { basePredictor, plainBases } from '../project/known.ts';
import { meanings } from '../project/meaning.ts';
import type { ClassRef, Project } from '../project/project.ts';
import type { Scope } from '../project/scope.ts';

/** A class and the classes of the project that it derives from. */
export interface Lineage {
  /** Itself first, then its bases in the order in which Python looks for methods. */
  readonly classes: readonly ClassRef[];
  /** The dotted names of the bases outside the project. */
  readonly external: readonly string[];
  /** A base is unknown, or brings methods that nobody here has read. */
  readonly open: boolean;
  /** Whether it derives from `BasePredictor`; `maybe` when an unknown base could. */
  readonly predictor: 'yes' | 'maybe' | 'no';
}

/** Follows a class's bases through the project. */
export function lineageOf(project: Project, start: ClassRef): Lineage {
  const classes: ClassRef[] = [];
  const external: string[] = [];
  let unknown = false;
  const visit = (ref: ClassRef): void => {
    if (classes.some((known) => known.definition === ref.definition)) return;
    classes.push(ref);
    const scope: Scope = { module: ref.module };
    for (const argument of ref.definition.args) {
      if (argument.name !== undefined) continue;
      if (argument.stars > 0) {
        unknown = true;
        continue;
      }
      const found = meanings(project, scope, argument.value);
      // Of several branches the one that leads to our class counts: the other is there for tests without it.
      const ours = found.filter((meaning) => meaning.kind === 'external' && meaning.path === basePredictor);
      for (const meaning of ours.length > 0 ? ours : found) {
        if (meaning.kind === 'class') visit(meaning);
        else if (meaning.kind === 'external') external.push(meaning.path);
        else unknown = true;
      }
    }
  };
  visit(start);
  const foreign = external.some((path) => path !== basePredictor && !plainBases.has(path));
  const predictor = external.includes(basePredictor) ? 'yes' : unknown ? 'maybe' : foreign && mayBringPredictors(external) ? 'maybe' : 'no';
  return { classes, external, open: unknown || foreign, predictor };
}

/** Frameworks whose classes are surely no predictors of ours. */
const notOurs =
  /^(builtins|abc|typing|enum|collections|dataclasses|pydantic|torch|tensorflow|keras|sklearn|numpy|pandas|starlette|fastapi|threading|unittest|json|logging|ast|string|html|http|argparse|contextlib|concurrent|multiprocessing|django|flask|sqlalchemy|pytest|transformers)\b/;

function mayBringPredictors(external: readonly string[]): boolean {
  return external.some((path) => !notOurs.test(path));
}
