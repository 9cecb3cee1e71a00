import { parentOf, resolvePath } from '../../parse/project/paths.ts';
import type { Scope } from '../../parse/project/scope.ts';
import type { Call, Expression, Node } from '../../parse/python/ast.ts';
import { walk } from '../../parse/python/walk.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { PredictorRule, Report } from './rule.ts';

/** Calls whose first argument is a path, by their dotted name or by the last piece of it. */
const opens =
  /^(?:builtins\.open|io\.open|pathlib\.(?:Posix|Windows)?Path|os\.(?:listdir|scandir|walk|chdir|path\.join|path\.expanduser)|glob\.i?glob|joblib\.load|torch\.(?:load|jit\.load)|numpy\.(?:load|loadtxt|memmap|genfromtxt)|pandas\.read_\w+|polars\.(?:read|scan)_\w+|PIL\.Image\.open|cv2\.(?:imread|CascadeClassifier|dnn\.readNet\w*)|keras\.(?:models|saving)\.load_model|onnxruntime\.InferenceSession|h5py\.File|spacy\.load|sqlite3\.connect|fasttext\.load_model|(?:transformers|diffusers)\.(?:\w+\.)*from_pretrained)$/;

/** Folders that every pod has, or that are ours. */
const present = /^\/(?:model|mounts|tmp|dev|proc|sys|etc|usr|bin|lib|run|var|opt)(?:\/|$)/;

export const localPath: PredictorRule = {
  code: 'local-path',
  severity: 'warning',
  subject: 'predictor',
  page: {
    what: 'A predictor opens a path of this machine: an absolute one, one in a home folder, or one that leaves the project.',
    why: 'On this laptop it works. In a pod there is only the project, the model under `/model/` and the mounts under `/mounts/`, so the file is absent.',
    bad: 'import joblib\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = joblib.load("/home/ada/models/digits.joblib")\n\n    def predict(self, payload):\n        return self.model.predict([payload]).tolist()\n',
    good: 'import joblib\nfrom spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self):\n        self.model = joblib.load("/model/digits.joblib")\n\n    def predict(self, payload):\n        return self.model.predict([payload]).tolist()\n',
    fine: 'When the model server only ever runs on this machine, or when the path is optional.',
  },
  *check(file): Generator<Report> {
    if (file.predictors.length === 0) return;
    const module: Scope = { module: file.module };
    for (const unit of file.file.units) {
      if (unit.defines) continue;
      for (const statement of unit.statements) {
        // `if __name__ == "__main__":` is for trying out by hand.
        if (statement.kind === 'if' && statement.branches.some((branch) => branch.tests.some((test) => mentionsMain(test)))) continue;
        yield* inside(file, module, statement);
      }
    }
    for (const { method } of file.methods())
      for (const statement of method.definition.body) yield* inside(file, file.scope(method), statement);
  },
};

function mentionsMain(test: Expression): boolean {
  return test.kind === 'binary' && test.left.kind === 'name' && test.left.id === '__name__';
}

function inside(file: PredictorFile, scope: Scope, node: Node): Report[] {
  const reports: Report[] = [];
  walk(node, (each) => {
    // `Path("…").exists()` only asks.
    if (each.kind === 'attribute' && /^(?:exists|is_file|is_dir)$/.test(each.name)) return false;
    if (each.kind !== 'call') return undefined;
    const path = each.args[0]?.value;
    if (path?.kind !== 'string' || path.bytes || each.args[0]?.stars !== 0) return undefined;
    const problem = problemOf(file, path.value);
    if (problem !== undefined && isOpener(file, scope, each)) reports.push({ span: path, message: `${problem}: it is absent in a pod` });
    return undefined;
  });
  return reports;
}

function isOpener(file: PredictorFile, scope: Scope, call: Call): boolean {
  const name = file.external(scope, call.callee);
  return name !== undefined && opens.test(name);
}

function problemOf(file: PredictorFile, path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return undefined;
  if (/^~[\w.-]*(?:\/|$)/.test(path)) return `${path} lies in a home folder`;
  if (/^[A-Za-z]:[\\/]/.test(path)) return `${path} is an absolute path of this machine`;
  if (path.startsWith('/')) return present.test(path) || path === '/' ? undefined : `${path} is an absolute path of this machine`;
  if (!/^\.\.(?:\/|$)/.test(path) && !path.includes('/../')) return undefined;
  // The worker's working directory is the project's root.
  const root = file.project.rootOf(file.path) ?? parentOf(file.path);
  const target = resolvePath(root, path);
  return target === root || target.startsWith(`${root}/`) ? undefined : `${path} leaves the project`;
}
