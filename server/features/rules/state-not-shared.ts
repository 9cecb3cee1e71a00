import type { Method } from '../../parse/predictor/members.ts';
import { bindingsIn } from '../../parse/project/scope.ts';
import type { Expression, Node, Statement } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import { mayReturn } from '../../parse/python/walk-untested.ts';
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
    fine: 'When each process may have its own: something loaded on first use, a cache, a counter that is only logged. What is assigned under a test of the same attribute (`if self.model is None:`), or behind one that returns, is not reported, nor what is renewed together with it.',
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
function visit(file: PredictorFile, method: Method, body: readonly Statement[], before: ReadonlySet<string>, reports: Report[]): void {
  const globals = bindingsIn(file.scope(method)).outer;
  let asked = before;
  for (const statement of body) {
    switch (statement.kind) {
      case 'assign':
        for (const { name, message, span } of assigned(file, method, statement, globals))
          if (!asked.has(name)) reports.push({ span, message });
        break;
      case 'if':
      case 'while': {
        const tested = statement.branches.flatMap((branch) => branch.tests.flatMap((test) => namesAsked(file, method, test)));
        const within = new Set([...asked, ...tested]);
        for (const branch of statement.branches) {
          const names = allAssigned(file, method, branch.body, globals);
          // `if time() > self.until:` that sets `self.until` renews what this process keeps for itself.
          const renews = names.some((name) => tested.includes(name));
          visit(file, method, branch.body, renews ? new Set([...within, ...names]) : within, reports);
        }
        // `if self.model: return …`: what stands behind it has been asked for, too.
        if (mayReturn(statement)) asked = within;
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

/** What a statement assigns of the predictor's or the module's state. */
function assigned(
  file: PredictorFile,
  method: Method,
  statement: Statement,
  globals: ReadonlySet<string>,
): { name: string; message: string; span: Expression }[] {
  if (statement.kind !== 'assign') return [];
  const targets = statement.targets.flatMap((target) => (target.kind === 'tuple' || target.kind === 'list' ? target.items : [target]));
  const kept = askedIn(file, method, statement.value);
  return targets.flatMap((target) => {
    const found = stateIn(file, method, target, statement.operator !== undefined, globals);
    return found && !kept.includes(found.name) ? [{ ...found, span: target }] : [];
  });
}

function allAssigned(file: PredictorFile, method: Method, body: readonly Statement[], globals: ReadonlySet<string>): string[] {
  const names: string[] = [];
  walkOwn(body, (node) => {
    if (node.kind === 'assign') names.push(...assigned(file, method, node, globals).map(({ name }) => name));
  });
  return names;
}

/** `self.gate = self.gate or Semaphore(4)` asks before it assigns. */
function askedIn(file: PredictorFile, method: Method, value: Expression | undefined): string[] {
  if (value?.kind === 'binary' && value.operator === 'or') return namesAsked(file, method, value.left);
  return value?.kind === 'conditional' ? namesAsked(file, method, value.test) : [];
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
