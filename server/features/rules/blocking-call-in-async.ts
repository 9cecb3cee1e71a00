import { makeSync } from '../edits/python-edits.ts';
import { awaits, blockingCalls, blockingHelpers } from '../subjects/waiting.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';

export const blockingCallInAsync: PredictorRule = {
  code: 'blocking-call-in-async',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: 'An `async` method calls something that waits without `await`, itself or by a plain function of the project: `time.sleep`, `requests`, `urllib.request`, `subprocess.run`, `open` …',
    why: 'All async calls of a worker share one event loop. While one of them blocks it, no other request of that worker gets on, and heartbeats of the loop stop. A plain method runs one request at a time too, but it is queued for what it is, and another worker takes the next request.',
    bad: 'import requests\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    async def predict(self, payload):\n        answer = requests.get(payload["url"], timeout=5)\n        return {"status": answer.status_code}\n',
    good: 'import requests\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        answer = requests.get(payload["url"], timeout=5)\n        return {"status": answer.status_code}\n',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods()) {
      const { definition } = method;
      if (!definition.async) continue;
      const fixes = (): Fix[] =>
        awaits(file, definition)
          ? []
          : [{ title: `Make \`${method.name}\` a plain method`, preferred: true, edits: [makeSync(file, definition)] }];
      const what = 'blocks the event loop that all async requests of this worker share';
      for (const { call, name } of blockingCalls(file, method)) yield { span: call.callee, message: `\`${name}\` ${what}`, fixes };
      for (const { call, name, related } of blockingHelpers(file, predictor, method))
        yield { span: call.callee, message: `\`${file.read(call.callee)}\` ${what}: it calls \`${name}\``, related: [related], fixes };
    }
  },
};
