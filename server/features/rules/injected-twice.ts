import type { Asked } from '../../parse/predictor/annotations.ts';
import type { Expression } from '../../parse/python/ast.ts';
import { removeDecorator } from '../edits/python-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

const typeNames = { request: 'Request', tasks: 'BackgroundTasks' } as const;

export const injectedTwice: PredictorRule = {
  code: 'injected-twice',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: 'Two parameters ask for the same Starlette object, or a parameter is decorated to receive one thing and annotated with another.',
    why: 'There is one request and one set of background tasks per call. The worker refuses to start rather than to guess which was meant.',
    bad: 'from starlette.requests import Request\nfrom spell.serving import BasePredictor, with_full_request\n\n\nclass Predictor(BasePredictor):\n    @with_full_request(name="raw")\n    def predict(self, request: Request, raw):\n        return dict(request.headers)\n',
    good: 'from starlette.requests import Request\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, request: Request, payload):\n        return dict(request.headers)\n',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict', 'prepare', 'health')) {
      const { injectors, roles, annotated, parameters, needed } = file.injection(method);
      if (method.disguised || !file.isWhole(predictor)) continue;
      const common = { method: method.name, class: predictor.name };
      let disagreed = false;
      for (const { decorator, label, role, parameter: name } of injectors) {
        const parameter = parameters.find((each) => each.name === name);
        if (!parameter?.annotation || !contradicts(annotated.get(parameter.name) ?? [], role)) continue;
        disagreed = true;
        const { annotation } = parameter;
        // Undecorated it receives what it is annotated with, or the payload, if no other parameter does.
        const filled = annotated.get(parameter.name)?.some((each) => each === 'request' || each === 'tasks') || needed.length === 0;
        yield {
          span: annotation,
          message: words('injected-twice/disagree', {
            ...common,
            parameter: parameter.name,
            annotation: shown(file, annotation),
            type: typeNames[role],
          }),
          related: [{ path: file.path, span: decorator, message: 'decorated here' }],
          fixes: () => [
            {
              title: 'Remove the annotation',
              preferred: true,
              edits: [{ path: file.path, span: { from: parameter.nameSpan.to, to: annotation.to }, text: '' }],
            },
            ...(filled ? [{ title: `Remove \`@${label}\``, edits: [removeDecorator(file, decorator)] }] : []),
          ],
        };
      }
      if (disagreed) continue;
      for (const role of ['request', 'tasks'] as const) {
        const taken = parameters.filter(
          (parameter) =>
            roles.get(parameter.name) === role &&
            (annotated.get(parameter.name)?.includes(role) || injectors.some((each) => each.parameter === parameter.name)),
        );
        const [first, second] = taken;
        if (!first || !second) continue;
        const decorator =
          injectors.find((each) => each.parameter === second.name && each.role === role) ??
          injectors.find((each) => each.parameter === first.name && each.role === role);
        yield {
          span: second.nameSpan,
          message: words('injected-twice/two', { ...common, type: typeNames[role], first: first.name, second: second.name }),
          related: [{ path: file.path, span: first.nameSpan, message: 'asked for here already' }],
          fixes: () => [
            ...(decorator
              ? [{ title: `Remove \`@${decorator.label}\``, preferred: true, edits: [removeDecorator(file, decorator.decorator)] }]
              : []),
            ...(second.annotation && !decorator
              ? [
                  {
                    title: `Remove the annotation of \`${second.name}\``,
                    preferred: true,
                    edits: [{ path: file.path, span: { from: second.nameSpan.to, to: second.annotation.to }, text: '' }],
                  },
                ]
              : []),
          ],
        };
      }
    }
  },
};

/** Whether an annotation surely means something else than what the decorator passes. */
function contradicts(asked: readonly Asked[], role: 'request' | 'tasks'): boolean {
  return asked.length > 0 && !asked.includes(role) && !asked.includes('unknown');
}

/** An annotation as Python's `inspect.formatannotation` shows it, which the worker's sentence has. */
function shown(file: PredictorFile, annotation: Expression): string {
  const text = file.read(annotation);
  const later = file.file.units.some(
    (unit) =>
      !unit.defines &&
      unit.statements.some(
        (statement) =>
          statement.kind === 'import-from' &&
          statement.module === '__future__' &&
          statement.names.some((each) => each.name === 'annotations'),
      ),
  );
  if (annotation.kind === 'string') return `'${annotation.value}'`;
  if (later) return `'${text}'`;
  const name = file.external({ module: file.module }, annotation);
  return name === undefined ? text : name.replace(/^(?:builtins|typing)\./, '');
}
