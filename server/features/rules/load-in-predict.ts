import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import { bindingsIn } from '../../parse/project/scope.ts';
import type { Call, Expression, FunctionDefinition, Node } from '../../parse/python/ast.ts';
import { walk, walkOwn } from '../../parse/python/walk.ts';
import { addFirstMethodEdit, appendToBody, indentUnit, removeStatement } from '../edits/python-edits.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { Fix, PredictorRule, Report } from './rule.ts';

/** Calls that read a model from disk. */
const loaders =
  /^(?:joblib\.load|pickle\.load|dill\.load|cloudpickle\.load|torch\.load|torch\.jit\.load|keras\.(?:models|saving)\.load_model|tensorflow\.saved_model\.load|onnxruntime\.InferenceSession|spacy\.load|fasttext\.load_model|whisper\.load_model|sentence_transformers\.(?:SentenceTransformer|CrossEncoder)|transformers\.pipeline|ultralytics\.YOLO|(?:transformers|diffusers|peft|timm|tokenizers|optimum|accelerate)\.(?:\w+\.)*from_pretrained|mlflow\.(?:\w+\.)?load_model|gensim\.models\.(?:\w+\.)+load(?:_word2vec_format)?|fastai\.(?:\w+\.)*load_learner|safetensors\.torch\.load_file|llama_cpp\.Llama)$/;

export const loadInPredict: PredictorRule = {
  code: 'load-in-predict',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: '`predict` or `prepare` loads a model.',
    why: 'It is read from disk and built again for every request, which takes far longer than the prediction, and needs its memory anew each time. `__init__` runs once per process, before the first request.',
    bad: 'import joblib\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def predict(self, payload):\n        model = joblib.load("/model/model.joblib")\n        return model.predict([payload["features"]]).tolist()\n',
    good: 'import joblib\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = joblib.load("/model/model.joblib")\n\n    def predict(self, payload):\n        return self.model.predict([payload["features"]]).tolist()\n',
    fine: 'When the model depends on the request and is kept after the first time. Loading under a test (`if self.model is None:`, `if name not in self.models:`) is not reported, nor is loading what the request itself sent.',
  },
  *check(file): Generator<Report> {
    for (const { predictor, method } of file.methods('predict', 'prepare')) {
      const scope = file.scope(method);
      const locals = bindingsIn(scope).names;
      const reports: Report[] = [];
      walkOwn(method.definition.body, (node) => {
        // Under a test it may be loaded on first use only.
        if (node.kind === 'if' || node.kind === 'while' || node.kind === 'try' || node.kind === 'match') return false;
        if (node.kind !== 'call') return undefined;
        const name = file.external(scope, node.callee);
        if (name === undefined || !loaders.test(name) || dependsOn(node, locals)) return undefined;
        reports.push({
          span: node.callee,
          message: `\`${file.read(node.callee)}\` loads the model again for every request`,
          fixes: () => moveFix(file, predictor, method, node),
        });
        return undefined;
      });
      yield* reports;
    }
  },
};

/** Whether a call's arguments use anything that the method itself binds: then it may load what the request asks for. */
function dependsOn(call: Call, locals: ReadonlyMap<string, unknown>): boolean {
  let found = call.args.length === 0;
  for (const argument of call.args) {
    walk(argument.value, (node) => {
      if (node.kind === 'name' && locals.has(node.id) && node.id !== 'self') found = true;
    });
  }
  return found;
}

/** Moves `name = load(…)` into `__init__` and makes every use of the name one of the attribute. */
function moveFix(file: PredictorFile, predictor: Predictor, method: Method, call: Call): Fix[] {
  const statement = method.definition.body.find((each) => each.kind === 'assign' && each.value === call);
  const target: Expression | undefined =
    statement?.kind === 'assign' && statement.targets.length === 1 && !statement.annotation ? statement.targets[0] : undefined;
  if (!statement || target?.kind !== 'name' || method.binding !== 'instance') return [];
  if (bindingsIn(file.scope(method)).names.get(target.id)?.length !== 1) return [];
  const uses = usesOf(method.definition, target.id).filter((name) => name.from !== target.from);
  const line = `self.${target.id} = ${file.read(call)}`;
  const init = predictor.ownMethods().find((each) => each.name === '__init__');
  if (!init && predictor.member('__init__').kind !== 'none') return [];
  const edit = init
    ? appendToBody(file, init.definition, [line])
    : addFirstMethodEdit(file, predictor.definition, ['def __init__(self):', `${indentUnit(file)}${line}`]);
  return [
    {
      title: 'Load it in `__init__`',
      preferred: true,
      edits: [edit, removeStatement(file, statement), ...uses.map((span) => ({ path: file.path, span, text: `self.${target.id}` }))],
    },
  ];
}

function usesOf(definition: FunctionDefinition, name: string): Node[] {
  const found: Node[] = [];
  for (const statement of definition.body)
    walk(statement, (node) => {
      if (node.kind === 'name' && node.id === name) found.push({ ...node });
    });
  return found;
}
