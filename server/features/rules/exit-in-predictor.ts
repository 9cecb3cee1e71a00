import { walk } from '../../parse/python/walk.ts';
import type { PredictorRule, Report } from './rule.ts';

const ends: Record<string, string> = {
  'sys.exit': 'ends the worker',
  'os._exit': 'ends the worker at once',
  'os.abort': 'ends the worker at once',
  'builtins.exit': 'ends the worker',
  'builtins.quit': 'ends the worker',
  'signal.signal': 'takes over a signal that the worker needs to drain',
  'uvicorn.run': 'starts a second server that never returns',
  'uvicorn.Server': 'starts a second server',
};

export const exitInPredictor: PredictorRule = {
  code: 'exit-in-predictor',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: 'A predictor calls `sys.exit`, `os._exit`, `signal.signal` or `uvicorn.run`.',
    why: 'The process belongs to the model server: ending it fails the requests that it is running, a handler of its signals keeps it from draining, and a server of its own would never return.',
    bad: 'import sys\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        if "text" not in payload:\n            sys.exit(1)\n        return payload["text"]\n',
    good: 'from starlette.exceptions import HTTPException\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        if "text" not in payload:\n            raise HTTPException(422)\n        return payload["text"]\n',
  },
  *check(file): Generator<Report> {
    for (const { method } of file.methods()) {
      const scope = file.scope(method);
      const reports: Report[] = [];
      for (const statement of method.definition.body)
        walk(statement, (node) => {
          const name = node.kind === 'call' ? file.external(scope, node.callee) : undefined;
          if (node.kind === 'call' && name !== undefined && Object.hasOwn(ends, name))
            reports.push({ span: node.callee, message: `\`${name.replace(/^builtins\./, '')}\` ${ends[name]}` });
        });
      yield* reports;
    }
  },
};
