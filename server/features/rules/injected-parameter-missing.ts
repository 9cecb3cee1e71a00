import { addParameter } from '../edits/python-edits.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

export const injectedParameterMissing: PredictorRule = {
  code: 'injected-parameter-missing',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`@with_full_request` or `@with_background_tasks` names a parameter that the method does not have.',
    why: 'The decorators inject by name: `request` and `tasks` when none is given. The worker refuses to start when there is no such parameter.',
    bad: 'from spell.serving import BasePredictor, with_full_request\n\n\nclass Predictor(BasePredictor):\n    @with_full_request(name="request")\n    def predict(self, req):\n        return dict(req.headers)\n',
    good: 'from spell.serving import BasePredictor, with_full_request\n\n\nclass Predictor(BasePredictor):\n    @with_full_request(name="req")\n    def predict(self, req):\n        return dict(req.headers)\n',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict', 'prepare', 'health')) {
      const { parameters, injectors, annotated, needed } = file.injection(method);
      if (method.disguised || !file.isWhole(predictor)) continue;
      for (const injector of injectors) {
        const { parameter: wanted, decorator, nameSpan } = injector;
        if (wanted === undefined || parameters.some((parameter) => parameter.name === wanted)) continue;
        const names = parameters.map((parameter) => parameter.name).join(', ') || 'none';
        // What another decorator or an annotation fills is not free.
        const free = parameters.filter(
          (parameter) =>
            !injectors.some((each) => each.parameter === parameter.name) &&
            !annotated.get(parameter.name)?.some((each) => each === 'request' || each === 'tasks'),
        );
        // The others need a value, too: one of them is the payload. A bare parameter of `health` already means the request.
        const takesMore = method.name === 'health' ? free.length === 0 : needed.length <= 1;
        yield {
          span: nameSpan ?? decorator,
          message: words('injected-parameter-missing', {
            decorator: injector.label,
            method: method.name,
            class: predictor.name,
            parameter: wanted,
            parameters: names,
          }),
          fixes: (): Fix[] => [
            ...free.map((parameter): Fix => {
              const { expression } = decorator;
              const end = expression.kind === 'call' ? expression.argsSpan.from + 1 : expression.to;
              return {
                title: `Inject into \`${parameter.name}\``,
                preferred: free.length === 1,
                edits: nameSpan
                  ? [{ path: file.path, span: nameSpan, text: parameter.name }]
                  : [
                      {
                        path: file.path,
                        span: { from: end, to: end },
                        text: expression.kind === 'call' ? `name="${parameter.name}"` : `(name="${parameter.name}")`,
                      },
                    ],
              };
            }),
            ...(takesMore ? [{ title: `Add the parameter \`${wanted}\``, edits: [addParameter(file, method.definition, wanted)] }] : []),
          ],
        };
      }
    }
  },
};
