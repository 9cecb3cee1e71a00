import type { Node } from '../../parse/python/ast.ts';
import { statementsOf } from '../../parse/python/file.ts';
import { walk } from '../../parse/python/walk.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

const modules = new Set(['starlette.exceptions', 'starlette', 'fastapi', 'fastapi.exceptions']);

export const responseClass: PredictorRule = {
  code: 'response-class',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`HTTPError` is taken from Starlette or FastAPI, which have no such class.',
    why: 'The import fails, and with it the start of the model server. The exception that becomes an answer with its status is `HTTPException`.',
    bad: 'from starlette.exceptions import HTTPError\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        if "text" not in payload:\n            raise HTTPError(422)\n        return payload["text"]\n',
    good: 'from starlette.exceptions import HTTPException\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        if "text" not in payload:\n            raise HTTPException(422)\n        return payload["text"]\n',
  },
  *check(file): Generator<Report> {
    if (file.predictors.length === 0) return;
    for (const bindings of file.module.bindings.names.values()) {
      for (const binding of bindings) {
        if (binding.kind !== 'import-from' || binding.imported.name !== 'HTTPError' || !modules.has(binding.statement.module)) continue;
        const { imported } = binding;
        yield {
          span: imported.nameSpan,
          message: `\`${binding.statement.module}\` has no \`HTTPError\`: the class is called \`HTTPException\``,
          fixes: () => [
            {
              title: 'Use `HTTPException`',
              preferred: true,
              edits: [imported.nameSpan, ...(imported.alias === undefined ? usesOf(file, 'HTTPError') : [])].map((span) => ({
                path: file.path,
                span,
                text: 'HTTPException',
              })),
            },
          ],
        };
      }
    }
  },
};

function usesOf(file: PredictorFile, name: string): Node[] {
  const found: Node[] = [];
  for (const statement of statementsOf(file.file))
    walk(statement, (node) => {
      if (node.kind === 'name' && node.id === name) found.push(node);
    });
  return found;
}
