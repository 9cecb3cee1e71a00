import type { Method } from '../../parse/predictor/members.ts';
import { bindingsIn } from '../../parse/project/scope.ts';
import type { Expression, Node, Statement } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

export const stateNotShared: PredictorRule = {
  code: 'state-not-shared',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: '`predict` or `prepare` assigns to an attribute of the predictor or to a global variable.',
    why: 'A model server runs in several processes and pods, each with its own copy of the predictor. What one request stores there is not seen by the requests that another process answers, and is lost at the next rollout.',
    bad: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.answered = 0\n\n    def predict(self, payload):\n        self.answered += 1\n        return {"answered": self.answered}\n',
    good: 'from spell.serving import BasePredictor, metrics\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.answered = metrics.prometheus.Counter("answered", "requests answered")\n\n    def predict(self, payload):\n        self.answered.inc()\n        return "ok"\n',
    fine: 'When each process may have its own: something loaded on first use, a cache, a counter that is only logged. What is assigned under a test of the same attribute (`if self.model is None:`) is not reported.',
  },
  *check(file): Generator<Report> {
    for (const { method } of file.methods('predict', 'prepare')) {
      const reports: Report[] = [];
      visit(file, method, method.definition.body, new Set(), reports);
      yield* reports;
    }
  },
};

/** Goes through statements, remembering which attributes were asked about on the way. */
function visit(file: PredictorFile, method: Method, body: readonly Statement[], asked: ReadonlySet<string>, reports: Report[]): void {
  const globals = bindingsIn(file.scope(method)).outer;
  for (const statement of body) {
    switch (statement.kind) {
      case 'assign':
        for (const target of statement.targets) {
          const found = stateIn(file, method, target, statement.operator !== undefined, globals);
          if (found && !asked.has(found.name)) reports.push({ span: target, message: found.message });
        }
        break;
      case 'if':
      case 'while': {
        const within = new Set([
          ...asked,
          ...statement.branches.flatMap((branch) => branch.tests.flatMap((test) => namesAsked(file, method, test))),
        ]);
        for (const branch of statement.branches) visit(file, method, branch.body, within, reports);
        break;
      }
      case 'try':
        for (const branch of statement.branches)
          visit(file, method, branch.body, new Set([...asked, ...triedNames(file, method, statement.branches[0]?.body ?? [])]), reports);
        break;
      case 'match':
        for (const branch of statement.branches) visit(file, method, branch.body, asked, reports);
        break;
      case 'for':
        visit(file, method, [...statement.body, ...statement.otherwise], asked, reports);
        break;
      case 'with':
        visit(file, method, statement.body, asked, reports);
        break;
      default:
        break;
    }
  }
}

function stateIn(
  file: PredictorFile,
  method: Method,
  target: Expression,
  augmented: boolean,
  globals: ReadonlySet<string>,
): { name: string; message: string } | undefined {
  if (target.kind === 'attribute' && file.isSelf(method, target.object)) {
    return { name: target.name, message: `\`self.${target.name}\` is kept in this process alone: other processes and pods do not see it` };
  }
  if (target.kind === 'name' && globals.has(target.id)) {
    return {
      name: target.id,
      message: `the global \`${target.id}\` is kept in this process alone: other processes and pods do not see it`,
    };
  }
  if (target.kind === 'subscript' && augmented) return stateIn(file, method, target.object, true, globals);
  return undefined;
}

/** Attributes and globals that an expression asks about. */
function namesAsked(file: PredictorFile, method: Method, test: Expression): string[] {
  const names: string[] = [];
  const collect = (node: Node): void => {
    if (node.kind === 'attribute' && file.isSelf(method, node.object)) names.push(node.name);
    if (node.kind === 'name') names.push(node.id);
    if (node.kind === 'call' && node.callee.kind === 'name' && /^(?:has|get)attr$/.test(node.callee.id)) {
      const second = node.args[1]?.value;
      if (second?.kind === 'string') names.push(second.value);
    }
  };
  walkOwn([{ kind: 'expression', values: [test], from: test.from, to: test.to }], collect);
  return names;
}

/** `try: self.model; except AttributeError: self.model = …` asks too. */
function triedNames(file: PredictorFile, method: Method, body: readonly Statement[]): string[] {
  const names: string[] = [];
  walkOwn(body, (node) => {
    if (node.kind === 'assign') return false;
    if (node.kind === 'attribute' && file.isSelf(method, node.object)) names.push(node.name);
    return undefined;
  });
  return names;
}
