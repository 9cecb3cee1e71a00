import { type Injection, injectionOf } from '../../parse/predictor/injection.ts';
import { callParameters, type Method, scopeOf, selfName } from '../../parse/predictor/members.ts';
import { type Found, importedPredictors, type Predictor, predictorsOf } from '../../parse/predictor/predictors.ts';
import { externalName } from '../../parse/project/meaning.ts';
import { nameOf, relativePath } from '../../parse/project/paths.ts';
import type { Module, Project } from '../../parse/project/project.ts';
import type { Scope } from '../../parse/project/scope.ts';
import type { Expression, FunctionDefinition, Node } from '../../parse/python/ast.ts';
import { isWhole, type PythonFile } from '../../parse/python/file.ts';
import type { Lines } from '../../parse/text/lines.ts';
import type { Span } from '../../parse/text/span.ts';
import { type Serving, servingsOf, spellYamlsAround } from '../world/servings.ts';
import type { World } from '../world/world.ts';

/** A Python file as the rules and features see it: its predictors, and how it is served. */
export class PredictorFile {
  readonly world: World;
  readonly module: Module;
  #found: Found | undefined;
  #servings: readonly Serving[] | undefined;
  #imported: readonly Predictor[] | undefined;
  readonly #injections = new Map<FunctionDefinition, Injection>();

  constructor(world: World, module: Module) {
    this.world = world;
    this.module = module;
  }

  get project(): Project {
    return this.world.project;
  }

  get path(): string {
    return this.module.path;
  }

  /** The file's name, for messages. */
  get name(): string {
    return nameOf(this.path);
  }

  /** The file as the worker names it: relative to the project's root. */
  get shown(): string {
    const root = this.project.rootOf(this.path);
    return root === undefined ? this.name : relativePath(root, this.path);
  }

  /** A `spell.yaml` lies around the file, whatever it names. */
  get hasNeighbouringSpellYaml(): boolean {
    return spellYamlsAround(this.world, this.path).length > 0;
  }

  /** Classes as the worker lists them. */
  listed(predictors: readonly Predictor[]): string {
    return predictors.map((each) => `${each.name} (line ${each.module.file.lines.lineAt(each.definition.keyword) + 1})`).join(', ');
  }

  get file(): PythonFile {
    return this.module.file;
  }

  get lines(): Lines {
    return this.file.lines;
  }

  get text(): string {
    return this.file.text;
  }

  read(span: Span): string {
    return this.text.slice(span.from, span.to);
  }

  get #classes(): Found {
    this.#found ??= predictorsOf(this.project, this.module);
    return this.#found;
  }

  /** The classes that derive from `BasePredictor`. */
  get predictors(): readonly Predictor[] {
    return this.#classes.sure;
  }

  /** Classes with unknown bases that could be predictors. */
  get maybePredictors(): readonly Predictor[] {
    return this.#classes.maybe;
  }

  /** How the file is served, as far as anybody knows. */
  get servings(): readonly Serving[] {
    this.#servings ??= servingsOf(this.world, this.path);
    return this.#servings;
  }

  /** The file is served, or about to be. */
  get isEntrypoint(): boolean {
    return this.servings.length > 0;
  }

  /** Predictors of other files that this one imports by name: they are served when it has none of its own. */
  get importedPredictors(): readonly Predictor[] {
    this.#imported ??= importedPredictors(this.project, this.module);
    return this.#imported;
  }

  /** The class that a way of serving chooses, as the worker chooses; undefined when that cannot be said. */
  chosen(serving: Serving): Predictor | undefined {
    const { predictors } = this;
    if (serving.classname !== undefined) return [...predictors, ...this.importedPredictors].find((each) => each.name === serving.classname);
    if (this.maybePredictors.length > 0) return undefined;
    const candidates = predictors.length > 0 ? predictors : this.importedPredictors;
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  /** The ways in which a predictor class is served. */
  servingsOf(predictor: Predictor): readonly Serving[] {
    return this.servings.filter((serving) => this.chosen(serving) === predictor);
  }

  /** Whether a class's requests come in batches: `yes` and `no` only when every way of serving it says so. */
  batching(predictor: Predictor): 'yes' | 'no' | 'mixed' | 'unknown' {
    const known = new Set(this.servingsOf(predictor).map((serving) => serving.batching));
    if (known.size === 0 || known.has(undefined)) return 'unknown';
    return known.size > 1 ? 'mixed' : known.has(true) ? 'yes' : 'no';
  }

  /** The methods of some names (of any, without names) that the predictors' own bodies define. */
  *methods(...names: readonly string[]): Generator<{ predictor: Predictor; method: Method }> {
    for (const predictor of this.predictors) {
      for (const method of predictor.ownMethods()) if (names.length === 0 || names.includes(method.name)) yield { predictor, method };
    }
  }

  injection(method: Method): Injection {
    let found = this.#injections.get(method.definition);
    if (!found) {
      found = injectionOf(this.project, method);
      this.#injections.set(method.definition, found);
    }
    return found;
  }

  /** The parameter that takes the payload, when a method has one. */
  payloadOf(method: Method): string | undefined {
    for (const [name, role] of this.injection(method).roles) if (role === 'payload') return name;
    return undefined;
  }

  scope(method: Method): Scope {
    return scopeOf(method);
  }

  /** The dotted name of what an expression certainly is outside the project. */
  external(scope: Scope, expression: Expression): string | undefined {
    return externalName(this.project, scope, expression);
  }

  /** Whether all of a predictor can be seen: recovery hides nothing of it, nor of its bases in the project. */
  isWhole(predictor: Predictor): boolean {
    return predictor.lineage.classes.every(({ module, definition }) => isWhole(module.file, definition));
  }

  /** `self.name`, as an attribute of the predictor itself. */
  isSelf(method: Method, node: Node): boolean {
    return node.kind === 'name' && node.id === selfName(method);
  }

  callParameters(method: Method): FunctionDefinition['parameters'] {
    return callParameters(method);
  }
}
