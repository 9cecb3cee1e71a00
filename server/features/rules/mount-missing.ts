import { addItem } from '../edits/yaml-edits.ts';
import { isPartial, textsStartingWith } from '../subjects/literals.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';

const prefix = '/mounts/';

export const mountMissing: PredictorRule = {
  code: 'mount-missing',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: 'A path under `/mounts/` lies in no mount of the model server.',
    why: 'Only what `mounts` names is there: opening anything else fails when the predictor runs.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nmounts:\n  - uploads/config\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        with open("/mounts/vocab/words.txt") as words:\n            self.words = words.read().split()\n\n    def predict(self, payload):\n        return payload["word"] in self.words\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmounts:\n  - uploads/config\n  - uploads/text:vocab\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        with open("/mounts/vocab/words.txt") as words:\n            self.words = words.read().split()\n\n    def predict(self, payload):\n        return payload["word"] in self.words\n',
    },
  },
  dependsOnContext: true,
  *check(file): Generator<Report> {
    if (file.predictors.length === 0 || !file.text.includes(prefix)) return;
    const known = file.servings.filter((serving) => serving.mounts !== undefined);
    if (known.length === 0 || known.length < file.servings.length) return;
    for (const placed of textsStartingWith(file, prefix)) {
      const path = placed.literal.value.slice(prefix.length);
      const [first] = path.split('/');
      // With a mount's own folder alone to go by, a text that is added to still tells which mount is meant.
      if (!first || (!path.includes('/') && isPartial(placed)) || /[{}%*?]/.test(first)) continue;
      const lacking = known.filter(
        ({ mounts }) =>
          !mounts?.some((mount) => mount === '' || path === mount || path.startsWith(`${mount}/`) || mount.startsWith(`${path}/`)),
      );
      if (lacking.length === 0) continue;
      yield {
        span: placed.literal,
        message: `nothing is mounted at /mounts/${first}`,
        fixes: (): Fix[] => {
          const resources = (file.world.facts.resources ?? []).filter((resource) => resource.endsWith(`/${first}`));
          return (resources.length > 0 ? resources : [`uploads/${first}`]).flatMap((resource) => {
            const edits = lacking.flatMap(({ yaml }) => (yaml ? [addItem(yaml.file, yaml.server, 'mounts', resource)] : []));
            return edits.length === 0 ? [] : [{ title: `Mount ${resource}`, preferred: true, edits }];
          });
        },
      };
    }
  },
};
