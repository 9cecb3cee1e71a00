import { exported } from '../project/meaning.ts';
import type { Module, Project } from '../project/project.ts';
import type { ClassDefinition } from '../python/ast.ts';
import { type Lineage, lineageOf } from './lineage.ts';
import { type Member, type Method, memberOf, methodOf } from './members.ts';

/** A class that is served, or may be: it derives from `BasePredictor`. */
export class Predictor {
  readonly module: Module;
  readonly definition: ClassDefinition;
  readonly lineage: Lineage;
  readonly #project: Project;
  #methods: readonly Method[] | undefined;

  constructor(project: Project, module: Module, definition: ClassDefinition, lineage: Lineage) {
    this.#project = project;
    this.module = module;
    this.definition = definition;
    this.lineage = lineage;
  }

  get name(): string {
    return this.definition.name;
  }

  /** What it has under a name, its own or a base's. */
  member(name: string): Member {
    return memberOf(this.#project, this.lineage, name);
  }

  method(name: string): Method | undefined {
    const member = this.member(name);
    return member.kind === 'method' ? member.method : undefined;
  }

  /** The methods that its own body defines, in order. */
  ownMethods(): readonly Method[] {
    this.#methods ??= this.#readMethods();
    return this.#methods;
  }

  #readMethods(): Method[] {
    const owner = { module: this.module, definition: this.definition };
    return this.definition.body.flatMap((statement) => (statement.kind === 'function' ? [methodOf(this.#project, owner, statement)] : []));
  }
}

/** The predictors at the top of a module, and the classes that may be some. */
export interface Found {
  readonly sure: readonly Predictor[];
  readonly maybe: readonly Predictor[];
}

/** Methods that make a class with unknown bases worth suspecting. */
const tellTale = new Set(['predict', 'prepare', 'health']);

/** Finds the predictors of a module. A class without bases is none, and is not looked into. */
export function predictorsOf(project: Project, module: Module): Found {
  const sure: Predictor[] = [];
  const maybe: Predictor[] = [];
  for (const bindings of module.bindings.names.values()) {
    for (const binding of bindings) {
      if (binding.kind !== 'class' || !binding.derives) continue;
      const { definition } = binding;
      const lineage = lineageOf(project, { module, definition });
      const predictor = new Predictor(project, module, definition, lineage);
      if (lineage.predictor === 'yes') sure.push(predictor);
      else if (lineage.predictor === 'maybe' && definition.body.some((each) => each.kind === 'function' && tellTale.has(each.name)))
        maybe.push(predictor);
    }
  }
  const inOrder = (a: Predictor, b: Predictor): number => a.definition.from - b.definition.from;
  return { sure: sure.sort(inOrder), maybe: maybe.sort(inOrder) };
}

/** The predictors that a module imports by name from other files of the project. */
export function importedPredictors(project: Project, module: Module): Predictor[] {
  const found: Predictor[] = [];
  for (const bindings of module.bindings.names.values()) {
    for (const binding of bindings) {
      if (binding.kind !== 'import-from') continue;
      for (const meaning of exported(project, module, binding.name)) {
        if (meaning.kind !== 'class' || found.some((each) => each.definition === meaning.definition)) continue;
        const lineage = lineageOf(project, meaning);
        if (lineage.predictor === 'yes') found.push(new Predictor(project, meaning.module, meaning.definition, lineage));
      }
    }
  }
  return found;
}
