import type { Statement } from '../../parse/python/ast.ts';
import type { Span } from '../../parse/text/span.ts';
import { addItem } from '../edits/yaml-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { Environment } from '../world/environment.ts';
import { distributionFor, modulesOf, parseRequirement, parseRequirements, type Requirement } from '../world/requirements.ts';
import type { Serving } from '../world/servings.ts';
import { standardLibrary } from '../world/standard-library.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

/** What every worker has, whatever its environment: shipped with our package. */
const shipped = new Set(['spell', 'starlette', 'anyio', 'sniffio', 'idna', 'prometheus_client', 'typing_extensions']);

export const missingDependency: PredictorRule = {
  code: 'missing-dependency',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: 'A predictor imports a package that is neither part of Python, nor of the project, nor installed in the selected environment, nor named by `pip` or `pip-req`.',
    why: 'The import fails when the worker starts, and the model server never becomes ready. Imports that are allowed to fail (`try: … except ImportError:`) and those for type checkers are not reported.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\n',
      'predictor.py':
        'import numpy as np\nimport sklearn\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"mean": float(np.mean(payload)), "with": sklearn.__version__}\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\npip: [scikit-learn==1.5.2]\n',
      'predictor.py':
        'import numpy as np\nimport sklearn\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"mean": float(np.mean(payload)), "with": sklearn.__version__}\n',
    },
    told: { environment: { python: '.venv/bin/python', version: '3.11', modules: new Set(['numpy']), distributions: new Map() } },
  },
  dependsOnContext: true,
  *check(file): Generator<Report> {
    const { environment } = file.world;
    if (!environment || !file.project.view.reaches(file.path) || (file.predictors.length === 0 && !file.isEntrypoint)) return;
    const added = addedModules(file, environment);
    if (!added) return;
    for (const { module, span } of importsOf(file)) {
      if (
        module.startsWith('_') ||
        standardLibrary.has(module) ||
        shipped.has(module) ||
        environment.modules.has(module) ||
        added.has(module)
      )
        continue;
      if (file.project.import(file.path, module).kind !== 'external') continue;
      yield {
        span,
        message: words('missing-dependency', { file: file.shown, module, python: environment.python }),
        fixes: (): Fix[] => {
          const edits = file.servings.flatMap(({ yaml }) =>
            yaml ? [addItem(yaml.file, yaml.server, 'pip', distributionFor(module))] : [],
          );
          return edits.length === 0 ? [] : [{ title: `Add ${distributionFor(module)} to \`pip\``, preferred: true, edits }];
        },
      };
    }
  },
};

/** The modules that requirements bring; undefined when one of them brings what nobody can know before it is installed. */
function addedModules(file: PredictorFile, environment: Environment): Set<string> | undefined {
  const added = new Set<string>();
  const imported = new Set(importsOf(file).map((each) => each.module));
  for (const serving of file.servings) {
    const requirements = requirementsOf(file, serving);
    if (!requirements) return undefined;
    for (const requirement of requirements) {
      const { name } = requirement;
      if (name === undefined) return undefined;
      const installed = environment.distributions.get(name);
      const modules = installed?.modules ?? modulesOf(requirement) ?? [name.replaceAll('-', '_')];
      for (const module of modules) added.add(module);
      // Neither installed, nor known, nor called like anything that is imported: who knows what it brings.
      if (!installed && !modulesOf(requirement) && !modules.some((module) => imported.has(module))) return undefined;
    }
  }
  return added;
}

function requirementsOf(file: PredictorFile, serving: Serving): Requirement[] | undefined {
  // A conda file replaces the environment, and what it brings is not known. Nor is what a running server was given.
  if (serving.condaFile !== undefined || serving.running) return undefined;
  const listed = serving.pip.map(parseRequirement);
  if (serving.requirementsFile === undefined) return listed;
  const text = file.world.project.view.text(serving.requirementsFile);
  if (text === undefined || text === null) return undefined;
  const { requirements, complete } = parseRequirements(text);
  return complete ? [...listed, ...requirements] : undefined;
}

/** The top-level modules that the file certainly imports when it is loaded, or when its predictors run. */
function importsOf(file: PredictorFile): { module: string; span: Span }[] {
  const found: { module: string; span: Span }[] = [];
  const visit = (body: readonly Statement[]): void => {
    for (const statement of body) {
      if (statement.kind === 'import')
        for (const imported of statement.names) found.push({ module: imported.name.split('.')[0] ?? '', span: imported.nameSpan });
      else if (statement.kind === 'import-from' && statement.level === 0)
        found.push({ module: statement.module.split('.')[0] ?? '', span: statement.moduleSpan });
      else if (statement.kind === 'with' || statement.kind === 'class' || statement.kind === 'function') visit(statement.body);
    }
  };
  const own = file.file.units.filter((unit) => !unit.defines).flatMap((unit) => unit.statements);
  visit(own);
  for (const predictor of file.predictors) visit(predictor.definition.body);
  return found.filter(({ module }) => module !== '');
}
