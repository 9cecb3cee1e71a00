import type { Node } from '../../parse/python/ast.ts';
import { walk } from '../../parse/python/walk.ts';
import type { PredictorRule, Report } from './rule.ts';

export const modelInfoWithoutModel: PredictorRule = {
  code: 'model-info-without-model',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: 'A predictor reads `self.model_info.…`, and the model server has no model.',
    why: '`self.model_info` is `None` then, and reading a field of it raises an AttributeError.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"version": self.model_info.version}\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nmodel: cifar:v1\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return {"version": self.model_info.version}\n',
    },
  },
  dependsOnContext: true,
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods()) {
      const servings = file.servingsOf(predictor);
      if (servings.length === 0 || !servings.every((serving) => serving.models?.length === 0)) continue;
      const uses: Node[] = [];
      let tested = false;
      for (const statement of method.definition.body)
        walk(statement, (node) => {
          if (node.kind !== 'attribute') return undefined;
          if (node.object.kind === 'attribute' && node.object.name === 'model_info' && file.isSelf(method, node.object.object)) {
            uses.push(node);
            return false;
          }
          // Any other use is a test for a model, or hands it on.
          if (node.name === 'model_info' && file.isSelf(method, node.object)) tested = true;
          return undefined;
        });
      if (tested) continue;
      for (const use of uses) yield { span: use, message: '`self.model_info` is None: the model server has no model' };
    }
  },
};
