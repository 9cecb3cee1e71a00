import type { ModelFacts } from '../../../runtime/api/language-server.ts';
import { parseModelRef } from '../../../runtime/api/names.ts';
import { nearNames } from '../../../runtime/api/near-names.ts';
import { modelItems } from '../spell-yaml/models.ts';
import { plainPredictor } from './examples.ts';
import type { Fix, Report, SpellYamlRule } from './rule.ts';

export const modelUnknown: SpellYamlRule = {
  code: 'model-unknown',
  severity: 'error',
  subject: 'spell.yaml',
  dependsOnContext: true,
  page: {
    what: '`model` names a model that the control plane does not have.',
    why: 'Serving is refused. The names come from the control plane; while it is not known what it has, nothing is reported.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmodel: cipher\n',
      'predictor.py': plainPredictor,
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmodel: cifar\n',
      'predictor.py': plainPredictor,
    },
    told: { facts: { models: [{ name: 'cifar', versions: [{ number: 1, custom: null, files: ['net.pt'] }] }] } },
  },
  *check(file): Generator<Report> {
    const { models } = file.world.facts;
    if (!models) return;
    for (const item of modelItems(file)) {
      const { name, version } = parseModelRef(item.source);
      if (name === '' || models.some((model) => model.name === name)) continue;
      const near = nearNames(
        name,
        models.map((model) => model.name),
      );
      yield {
        span: item,
        message: `there is no model ${JSON.stringify(name)}${near[0] === undefined ? others(models) : `: did you mean ${near[0]}?`}`,
        fixes: (): Fix[] =>
          near.map((each, index) => {
            const text = version === undefined ? each : `${each}:${version}`;
            return {
              title: `Use ${text}`,
              preferred: index === 0 && version === undefined,
              edits: [{ path: file.path, span: item, text }],
            };
          }),
      };
    }
  },
};

function others(models: readonly ModelFacts[]): string {
  const names = models.slice(0, 5).map((model) => model.name);
  return names.length === 0 ? ': there are no models yet' : `; there are ${names.join(', ')}`;
}
