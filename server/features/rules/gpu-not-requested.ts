import type { Expression } from '../../parse/python/ast.ts';
import { walk } from '../../parse/python/walk.ts';
import { setKey } from '../edits/yaml-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';

export const gpuNotRequested: PredictorRule = {
  code: 'gpu-not-requested',
  severity: 'information',
  subject: 'predictor',
  page: {
    what: 'A predictor moves work to `"cuda"`, and the model server asks for no GPU.',
    why: 'A pod gets the GPUs that it asks for, and sees none otherwise: this raises.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\n',
      'predictor.py':
        'import torch\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = torch.jit.load("/model/net.pt").to("cuda")\n\n    def predict(self, payload):\n        return self.model(torch.tensor(payload)).tolist()\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\ngpu-limit: 1\n',
      'predictor.py':
        'import torch\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = torch.jit.load("/model/net.pt").to("cuda")\n\n    def predict(self, payload):\n        return self.model(torch.tensor(payload)).tolist()\n',
    },
  },
  dependsOnContext: true,
  *check(file): Generator<Report> {
    // Whoever asks whether there is a GPU can do without.
    if (!file.text.includes('cuda') || /\bis_available\s*\(|\bdevice_count\s*\(|\blist_physical_devices\s*\(/.test(file.text)) return;
    for (const { predictor, method } of file.methods()) {
      const servings = file.servingsOf(predictor).filter((serving) => serving.gpuLimit === 0);
      if (servings.length === 0) continue;
      const reports: Report[] = [];
      for (const statement of method.definition.body)
        walk(statement, (node) => {
          const use =
            node.kind === 'call'
              ? cudaIn(
                  node.callee,
                  node.args.map((argument) => argument.value),
                )
              : undefined;
          if (use) reports.push(reportOf(use, servings));
        });
      yield* reports.slice(0, 1);
    }
  },
};

/** `.to("cuda")`, `torch.device("cuda:0")`, `map_location="cuda"`, `.cuda()`. */
function cudaIn(callee: Expression, args: readonly Expression[]): Expression | undefined {
  if (callee.kind === 'attribute' && callee.name === 'cuda' && args.length === 0) return callee;
  return args.find((argument) => argument.kind === 'string' && /^cuda(?::\d+)?$/.test(argument.value));
}

function reportOf(span: Expression, servings: ReturnType<PredictorFile['servingsOf']>): Report {
  return {
    span: span.kind === 'attribute' ? span.nameSpan : span,
    message: `the model server asks for no GPU: gpu-limit is 0`,
    fixes: (): Fix[] => {
      const edits = servings.flatMap(({ yaml }) => (yaml ? [setKey(yaml.file, yaml.server, 'gpu-limit', '1')] : []));
      return edits.length === 0 ? [] : [{ title: 'Ask for a GPU in spell.yaml', preferred: true, edits }];
    },
  };
}
