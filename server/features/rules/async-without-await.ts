import type { FunctionDefinition } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import { makeSync } from '../edits/python-edits.ts';
import { awaits, blockingCalls, blockingHelpers } from '../subjects/waiting.ts';
import type { PredictorRule, Report } from './rule.ts';

export const asyncWithoutAwait: PredictorRule = {
  code: 'async-without-await',
  severity: 'information',
  subject: 'predictor',
  page: {
    what: '`predict` or `prepare` is `async` and never awaits.',
    why: "It computes on the event loop and blocks it, like a plain method, but without a plain method's queueing: requests pile up inside the worker instead of waiting where another worker could take them.",
    bad: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    async def predict(self, payload):\n        return sum(payload["values"])\n',
    good: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        return sum(payload["values"])\n',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict', 'prepare')) {
      const { definition } = method;
      if (!definition.async || method.disguised || awaits(file, definition) || !computes(definition) || !file.isWhole(predictor)) continue;
      // A blocking call is a warning of its own.
      if (blockingCalls(file, method).length > 0 || blockingHelpers(file, predictor, method).length > 0) continue;
      yield {
        span: { from: definition.keyword, to: definition.nameSpan.to },
        message: `\`${method.name}\` is async and never awaits: it blocks the worker's event loop while it computes`,
        fixes: () => [{ title: `Make \`${method.name}\` a plain method`, preferred: true, edits: [makeSync(file, definition)] }],
      };
    }
  },
};

/** Whether a body does something: not only a docstring, `pass`, `...` or a `raise`. */
function computes(definition: FunctionDefinition): boolean {
  let found = false;
  walkOwn(definition.body, (node) => {
    if (node.kind === 'return' || node.kind === 'assign' || node.kind === 'call') found = true;
    return node.kind !== 'raise';
  });
  return found;
}
