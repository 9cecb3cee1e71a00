import type { Dict, Expression } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import { importEdits } from '../edits/python-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

const statusKeys = new Set(['status', 'state', 'health', 'healthy', 'ok', 'ready', 'alive', 'success']);
const bad = /^(?:bad|error|err|fail(?:ed|ing|ure)?|unhealthy|down|dead|not[ _-]?(?:ok|ready|healthy|loaded)|unavailable|broken|ko|nok)$/i;

export const healthAlwaysOk: PredictorRule = {
  code: 'health-always-ok',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: '`health` signals trouble by the value it returns: `return False`, `return {"status": "bad"}`.',
    why: 'Every value that can be sent is a `200 OK`. Only an exception, or a response whose status is not 2xx, says that a pod is unhealthy, and takes it out of routing.',
    bad: 'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = None\n\n    def predict(self, payload):\n        return payload\n\n    def health(self):\n        if self.model is None:\n            return {"status": "bad"}\n        return {"status": "ok"}\n',
    good: 'from starlette.exceptions import HTTPException\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = None\n\n    def predict(self, payload):\n        return payload\n\n    def health(self):\n        if self.model is None:\n            raise HTTPException(503)\n        return {"status": "ok"}\n',
  },
  *check(file): Generator<Report> {
    for (const { method } of file.methods('health')) {
      const reports: Report[] = [];
      walkOwn(method.definition.body, (node) => {
        const [value] = node.kind === 'return' ? node.values : [];
        if (!value || !saysBad(value)) return;
        reports.push({
          span: node,
          message: '`/health` answers 200 for any value that `health` returns: raise an exception to say that the pod is unhealthy',
          fixes: () => [
            {
              title: 'Raise `HTTPException(503)`',
              preferred: true,
              edits: [
                { path: file.path, span: node, text: `raise HTTPException(503${detailOf(file, value)})` },
                ...importEdits(file, 'starlette.exceptions', 'HTTPException'),
              ],
            },
          ],
        });
      });
      yield* reports;
    }
  },
};

function saysBad(value: Expression): boolean {
  if (value.kind === 'constant') return value.value === 'False';
  // As Flask means it: the number is part of the JSON here.
  if (value.kind === 'tuple') {
    const last = value.items.at(-1);
    return last?.kind === 'number' && /^[45]\d\d$/.test(last.text);
  }
  return value.kind === 'dict' && value.entries.some(isBadEntry);
}

function isBadEntry({ key, value }: Dict['entries'][number]): boolean {
  if (key?.kind !== 'string' || !statusKeys.has(key.value.toLowerCase())) return false;
  if (value.kind === 'constant') return value.value === 'False';
  return value.kind === 'string' && bad.test(value.value);
}

/** What the value said becomes the exception's detail, when it is a text. */
function detailOf(file: PredictorFile, value: Expression): string {
  if (value.kind !== 'dict') return '';
  const entry =
    value.entries.find(
      (each) => each.value.kind === 'string' && !(each.key?.kind === 'string' && statusKeys.has(each.key.value.toLowerCase())),
    ) ?? value.entries.find((each) => each.value.kind === 'string');
  return entry ? `, ${file.read(entry.value)}` : '';
}
