import { type Shape, shapeOf } from '../../parse/predictor/shapes.ts';
import type { Scope } from '../../parse/project/scope.ts';
import type { Call } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

/** Shapes that may be a number or a text after all. */
const open = new Set<Shape>(['unknown', 'object']);

export const metricValue: PredictorRule = {
  code: 'metric-value',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`send_metric` gets a name that is no text, a value that is no number, or too few or too many arguments.',
    why: 'It takes `send_metric(name, value, tag=None)` and raises for anything else, which answers the request 500.',
    bad: 'from spell.serving import BasePredictor, metrics\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        metrics.send_metric("length", str(len(payload)))\n        return "ok"\n',
    good: 'from spell.serving import BasePredictor, metrics\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        metrics.send_metric("length", len(payload))\n        return "ok"\n',
  },
  *check(file): Generator<Report> {
    for (const { method } of file.methods()) {
      const scope = file.scope(method);
      const reports: Report[] = [];
      walkOwn(method.definition.body, (node) => {
        if (node.kind === 'call' && file.external(scope, node.callee) === 'spell.serving.send_metric')
          reports.push(...inCall(file, scope, node));
      });
      yield* reports;
    }
  },
};

function inCall(file: PredictorFile, scope: Scope, call: Call): Report[] {
  if (call.args.some((argument) => argument.stars > 0)) return [];
  const positional = call.args.filter((argument) => argument.name === undefined);
  const named = new Map(call.args.flatMap((argument) => (argument.name === undefined ? [] : [[argument.name, argument] as const])));
  const extra = [...named.keys()].find((name) => !['name', 'value', 'tag'].includes(name));
  const usage = 'it takes `send_metric(name, value, tag=None)`';
  if (positional.length > 3) return [{ span: positional[3] ?? call, message: `\`send_metric\` has too many arguments: ${usage}` }];
  if (extra !== undefined) return [{ span: named.get(extra) ?? call, message: `\`send_metric\` has no parameter \`${extra}\`: ${usage}` }];
  const name = positional[0] ?? named.get('name');
  const value = positional[1] ?? named.get('value');
  if (!name || !value) return [{ span: call, message: `\`send_metric\` has no ${name ? 'value' : 'name'}: ${usage}` }];
  const reports: Report[] = [];
  const nameShape = shapeOf(file.project, scope, name.value);
  if (nameShape !== 'str' && !open.has(nameShape))
    reports.push({ span: name.value, message: `a metric's name is a str, not ${described(nameShape)}` });
  if (name.value.kind === 'string' && name.value.value === '')
    reports.push({ span: name.value, message: "a metric's name must not be empty" });
  const valueShape = shapeOf(file.project, scope, value.value);
  if (valueShape !== 'number' && valueShape !== 'bool' && valueShape !== 'decimal' && !open.has(valueShape))
    reports.push({ span: value.value, message: `a metric's value is a number, not ${described(valueShape)}` });
  return reports;
}

function described(shape: Shape): string {
  if (shape === 'none') return 'None';
  return `${/^[aeiou]/.test(shape) ? 'an' : 'a'} ${shape}`;
}
