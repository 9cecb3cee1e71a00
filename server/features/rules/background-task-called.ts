import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import { meanings } from '../../parse/project/meaning.ts';
import type { Call, Expression, FunctionDefinition } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

/** Functions outside the project whose result is surely not to be called. */
const plainFunctions = /^(?:builtins\.print|requests\.\w+|time\.sleep|logging\.\w+|os\.\w+|json\.dumps?|spell\.serving\.send_metric)$/;

export const backgroundTaskCalled: PredictorRule = {
  code: 'background-task-called',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`tasks.add_task(f(x))` calls `f` at once, and adds what it returned.',
    why: 'The work is done before the answer, where it costs the latency that background tasks are there to save; then the task fails, because a result cannot be called.',
    bad: 'from starlette.background import BackgroundTasks\nfrom spell.serving import BasePredictor\n\n\ndef record(value):\n    print(value)\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload, tasks: BackgroundTasks):\n        tasks.add_task(record(payload))\n        return "ok"\n',
    good: 'from starlette.background import BackgroundTasks\nfrom spell.serving import BasePredictor\n\n\ndef record(value):\n    print(value)\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload, tasks: BackgroundTasks):\n        tasks.add_task(record, payload)\n        return "ok"\n',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods()) {
      const { roles } = file.injection(method);
      const reports: Report[] = [];
      walkOwn(method.definition.body, (node) => {
        if (node.kind !== 'call' || node.callee.kind !== 'attribute' || node.callee.name !== 'add_task') return;
        const { object } = node.callee;
        if (object.kind !== 'name' || roles.get(object.id) !== 'tasks') return;
        const [first] = node.args;
        const called = first?.value;
        if (called?.kind !== 'call' || first?.stars !== 0 || !isNoFactory(file, predictor, method, called.callee)) return;
        reports.push({
          span: called,
          message: `\`${file.read(called.callee)}\` is called here and now, and its result is added as the task`,
          fixes: () => [
            {
              title: 'Add the function with its arguments',
              preferred: true,
              edits: [{ path: file.path, span: called, text: apart(file, called) }],
            },
          ],
        });
      });
      yield* reports;
    }
  },
};

/** `f(x, y=1)` as `f, x, y=1`. */
function apart(file: PredictorFile, call: Call): string {
  const inner = file.text
    .slice(call.argsSpan.from + 1, call.argsSpan.to - 1)
    .trim()
    .replace(/,$/, '');
  return [file.read(call.callee), ...(inner === '' ? [] : [inner])].join(', ');
}

/** Whether what a call returns is surely nothing to call: only then the parentheses are a mistake. */
function isNoFactory(file: PredictorFile, predictor: Predictor, method: Method, callee: Expression): boolean {
  const scope = file.scope(method);
  if (callee.kind === 'attribute' && file.isSelf(method, callee.object)) {
    const target = predictor.method(callee.name);
    return target !== undefined && !target.disguised && returnsNothing(target.definition);
  }
  const [only, ...more] = meanings(file.project, scope, callee);
  if (!only || more.length > 0) return false;
  if (only.kind === 'function') return only.definition.decorators.length === 0 && returnsNothing(only.definition);
  return only.kind === 'external' && plainFunctions.test(only.path);
}

/** A coroutine cannot be called either. */
function returnsNothing(definition: FunctionDefinition): boolean {
  if (definition.async) return true;
  let returns = false;
  walkOwn(definition.body, (node) => {
    if (node.kind === 'return' && node.values[0] && !(node.values[0].kind === 'constant' && node.values[0].value === 'None'))
      returns = true;
  });
  return !returns;
}
