import { parseModelRef } from '../../../runtime/api/names.ts';
import { modelItems } from '../spell-yaml/models.ts';
import { versionOf } from '../world/model-files.ts';
import { plainPredictor } from './examples.ts';
import type { Fix, Report, SpellYamlRule } from './rule.ts';

export const modelVersionUnknown: SpellYamlRule = {
  code: 'model-version-unknown',
  severity: 'error',
  subject: 'spell.yaml',
  dependsOnContext: true,
  page: {
    what: '`model` names a version that the model does not have.',
    why: 'Serving is refused. `v3` always means the third version; other names are those given with `--version`.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmodel: cifar:v9\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmodel: cifar:v1\n',
      'predictor.py': plainPredictor,
    },
    told: { facts: { models: [{ name: 'cifar', versions: [{ number: 1, custom: null, files: ['net.pt'] }] }] } },
  },
  *check(file): Generator<Report> {
    const { models } = file.world.facts;
    if (!models) return;
    for (const item of modelItems(file)) {
      const { name, version } = parseModelRef(item.source);
      const model = models.find((each) => each.name === name);
      if (!model || version === undefined || versionOf(model, version)) continue;
      const [newest] = model.versions;
      const known = model.versions.map((each) => each.custom ?? `v${each.number}`).slice(0, 5);
      yield {
        span: item,
        message: `${name} has no version ${JSON.stringify(version)}; it has ${known.join(', ')}`,
        fixes: (): Fix[] =>
          newest
            ? [
                {
                  title: `Use ${name}:v${newest.number}`,
                  preferred: true,
                  edits: [{ path: file.path, span: item, text: `${name}:v${newest.number}` }],
                },
              ]
            : [],
      };
    }
  },
};
