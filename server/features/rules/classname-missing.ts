import { nearNames } from '../../../runtime/api/near-names.ts';
import { pathOf, textOf } from '../../parse/yaml/spell-yaml.ts';
import { PredictorFile } from '../subjects/predictor-file.ts';
import { plainPredictor } from './examples.ts';
import type { Fix, Report, SpellYamlRule } from './rule.ts';
import { words } from './words.ts';

export const classnameMissing: SpellYamlRule = {
  code: 'classname-missing',
  severity: 'error',
  subject: 'spell.yaml',
  page: {
    what: '`classname` names a class that the entrypoint does not have, or that is no predictor.',
    why: 'The worker looks for exactly this class, and refuses to start without it.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nclassname: Predicter\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nclassname: Predictor\n',
      'predictor.py': plainPredictor,
    },
  },
  *check(file): Generator<Report> {
    for (const server of file.servers) {
      const entry = server.entries.get('classname');
      const classname = textOf(server, 'classname');
      const path = pathOf(file.spellYaml, server, 'entrypoint');
      const module = path === undefined ? undefined : file.world.project.module(path);
      if (!entry || classname === undefined || !module || module.file.problems.length > 0) continue;
      const python = new PredictorFile(file.world, module);
      const known = [...python.predictors, ...python.importedPredictors];
      // A star import, an unknown base or an assignment may have made it.
      if (known.some((each) => each.name === classname) || python.maybePredictors.length > 0 || module.bindings.stars.length > 0) continue;
      if (module.bindings.names.get(classname)?.some((binding) => binding.kind !== 'class')) continue;
      const names = known.map((each) => each.name);
      const near = nearNames(classname, names);
      yield {
        span: entry.value,
        message: words('classname-missing', { file: python.shown, classname }),
        related: known
          .filter((each) => each.module === module)
          .map((each) => ({ path: each.module.path, span: each.definition.nameSpan, message: `the predictor ${each.name}` })),
        fixes: (): Fix[] =>
          (near.length > 0 ? near : names).map((name, index) => ({
            title: `Serve ${name}`,
            preferred: index === 0,
            edits: [{ path: file.path, span: entry.value, text: name }],
          })),
      };
    }
  },
};
