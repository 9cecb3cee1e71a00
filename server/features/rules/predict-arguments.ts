import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import type { Parameter } from '../../parse/python/ast.ts';
import { addDecorator, addParameter, importEdits } from '../edits/python-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

export const predictArguments: PredictorRule = {
  code: 'predict-arguments',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`predict`, `prepare` or `health` has no parameter for the payload, or more parameters than anything fills.',
    why: 'One parameter takes the parsed JSON, whatever its name; parameters annotated with `Request` or `BackgroundTasks`, or named by our decorators, receive those. For any other there is no value, so the worker refuses to start.',
    bad: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload, request):\n        return {"agent": request.headers["user-agent"], **payload}\n',
    good: 'from spell.serving import BasePredictor, with_full_request\n\n\nclass Predictor(BasePredictor):\n    @with_full_request()\n    def predict(self, payload, request):\n        return {"agent": request.headers["user-agent"], **payload}\n',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict', 'prepare', 'health')) {
      const injection = file.injection(method);
      if (!injection.certain || !file.isWhole(predictor)) continue;
      const { needed, roles, injectors, parameters } = injection;
      // A decorator that names no parameter leaves one unfilled: that is a finding of its own.
      if (injectors.some((injector) => !parameters.some((each) => each.name === injector.parameter))) continue;
      const injected = [...roles.values()].filter((role) => role === 'request' || role === 'tasks').length;
      if (method.name === 'health') {
        // A bare parameter of `health` means the request; `roles` says so already.
        const requests = [...roles.values()].filter((role) => role === 'request').length;
        if (needed.length > 1 || (needed.length === 1 && requests > 1)) yield several(file, predictor, method, needed);
      } else if (needed.length > 1) yield several(file, predictor, method, needed);
      else if (injected === 0 && ![...roles.values()].includes('payload')) yield none(file, predictor, method);
    }
  },
};

function none(file: PredictorFile, predictor: Predictor, method: Method): Report {
  const { definition } = method;
  const [first] = definition.parameters;
  // Whoever writes `def predict(payload)` forgot `self`.
  const selfless = method.binding === 'instance' && first !== undefined && !/^_*(self|cls|this)$/.test(first.name);
  return {
    span: definition.nameSpan,
    message: words('predict-arguments/none', { method: method.name, class: predictor.name }),
    fixes: (): Fix[] => [
      selfless && first
        ? { title: 'Add `self`', preferred: true, edits: [{ path: file.path, span: { from: first.from, to: first.from }, text: 'self, ' }] }
        : {
            title: 'Add a parameter for the payload',
            preferred: true,
            edits: [addParameter(file, definition, first || method.binding === 'static' ? 'payload' : 'self, payload')],
          },
    ],
  };
}

function several(file: PredictorFile, predictor: Predictor, method: Method, needed: readonly Parameter[]): Report {
  const second = needed[1] ?? needed[0];
  return {
    span: second?.nameSpan ?? method.definition.nameSpan,
    message: words('predict-arguments/several', {
      method: method.name,
      class: predictor.name,
      parameters: needed.map((parameter) => `\`${parameter.name}\``).join(', '),
    }),
    fixes: () => decoratorFixes(file, method, needed),
  };
}

/** Decorators for the parameters whose names tell what they are for. The first one that does not keeps the payload. */
function decoratorFixes(file: PredictorFile, method: Method, needed: readonly Parameter[]): Fix[] {
  const wanted = new Map<'with_full_request' | 'with_background_tasks', string>();
  let left = needed.length;
  for (const parameter of needed) {
    if (left === 1 && method.name !== 'health') break;
    const decorator = /task|background/i.test(parameter.name)
      ? 'with_background_tasks'
      : /req/i.test(parameter.name)
        ? 'with_full_request'
        : undefined;
    if (!decorator || wanted.has(decorator)) continue;
    wanted.set(decorator, parameter.name);
    left--;
  }
  if (wanted.size === 0 || left > 1) return [];
  const fallback = { with_full_request: 'request', with_background_tasks: 'tasks' };
  const decorators = [...wanted].map(([decorator, name]) => `@${decorator}(${name === fallback[decorator] ? '' : `name="${name}"`})`);
  const imports = [...wanted.keys()].filter((name) => !file.module.bindings.names.has(name));
  const importing = imports.length === 0 ? [] : importEdits(file, 'spell.serving', imports.join(', '));
  const newline = `${file.lines.newline}${file.lines.indentAt(method.definition.keyword)}`;
  return [
    {
      title: `Add ${decorators.map((decorator) => `\`${decorator}\``).join(' and ')}`,
      preferred: true,
      edits: [...importing, addDecorator(file, method.definition, decorators.join(newline))],
    },
  ];
}
