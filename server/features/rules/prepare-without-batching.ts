import { setKey } from '../edits/yaml-edits.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';

export const prepareWithoutBatching: PredictorRule = {
  code: 'prepare-without-batching',
  severity: 'information',
  subject: 'predictor',
  page: {
    what: 'A predictor has a method `prepare`, and batching is off.',
    why: '`prepare` belongs to batching: it runs for each request before it joins a batch. Without batching it is never called.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def prepare(self, payload):\n        return payload["text"]\n\n    def predict(self, payload):\n        return [len(text) for text in payload]\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nenable-batching: true\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def prepare(self, payload):\n        return payload["text"]\n\n    def predict(self, payload):\n        return [len(text) for text in payload]\n',
    },
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('prepare')) {
      if (file.batching(predictor) !== 'no') continue;
      yield {
        span: method.definition.nameSpan,
        message: 'batching is off, so `prepare` is never called',
        fixes: (): Fix[] => {
          const edits = file
            .servingsOf(predictor)
            .flatMap(({ yaml }) => (yaml ? [setKey(yaml.file, yaml.server, 'enable-batching', 'true')] : []));
          return edits.length === 0 ? [] : [{ title: 'Turn batching on in spell.yaml', edits }];
        },
      };
    }
  },
};
