import type { Binding } from '../../parse/project/bindings.ts';
import { externalName } from '../../parse/project/meaning.ts';
import { bindingsIn, lookup, type Scope } from '../../parse/project/scope.ts';
import type { Call, Expression } from '../../parse/python/ast.ts';
import { walk } from '../../parse/python/walk.ts';
import type { PredictorFile } from './predictor-file.ts';

/** Calls that read a model from disk. */
const loaders =
  /^(?:joblib\.load|pickle\.load|dill\.load|cloudpickle\.load|torch\.load|torch\.jit\.load|keras\.(?:models|saving)\.load_model|tensorflow\.saved_model\.load|onnxruntime\.InferenceSession|spacy\.load|fasttext\.load_model|whisper\.load_model|sentence_transformers\.(?:SentenceTransformer|CrossEncoder)|transformers\.pipeline|ultralytics\.YOLO|(?:transformers|diffusers|peft|timm|tokenizers|optimum|accelerate)\.(?:\w+\.)*from_pretrained|mlflow\.(?:\w+\.)?load_model|gensim\.models\.(?:\w+\.)+load(?:_word2vec_format)?|fastai\.(?:\w+\.)*load_learner|safetensors\.torch\.load_file|llama_cpp\.Llama)$/;

/** Calls that make a path or open one, and nothing that could be filled before it is read. */
const paths = /^(?:builtins\.(?:open|str)|io\.open|(?:gzip|bz2|lzma)\.open|os\.path\.\w+|os\.(?:getenv|environ\.get)|pathlib\.\w*Path)$/;

/** Where a request's own files are put. */
const scratch = /^\/(?:tmp|var\/tmp|dev\/shm)\//;

/**
 * The dotted name of a call that loads the same model each time: nothing in it depends on what the function around it is
 * called with. `byDefault` says that it is called without arguments, so that its parameters are their defaults.
 */
export function loaderIn({ project }: PredictorFile, scope: Scope, call: Call, byDefault = false): string | undefined {
  const name = externalName(project, scope, call.callee);
  if (name === undefined || !loaders.test(name) || call.args.length === 0) return undefined;
  const path = (callee: Expression): boolean => paths.test(externalName(project, scope, callee) ?? '');
  return call.args.some(({ value }) => varies(scope, value, { path, byDefault })) ? undefined : name;
}

interface Known {
  /** Whether a call makes a path, or opens one. */
  path(callee: Expression): boolean;
  readonly byDefault: boolean;
}

/** Whether an expression may be another thing from call to call. */
function varies(scope: Scope, expression: Expression, known: Known, depth = 0): boolean {
  let found = depth > 5;
  walk(expression, (node) => {
    if (node.kind === 'string' && scratch.test(node.value)) found = true;
    if (node.kind !== 'name' || node.id === 'self') return;
    const bindings = lookup(scope, node.id);
    // A name that nothing around binds is the loop's of a comprehension, a builtin, or a star import's.
    if (!bindings) found ||= /^[a-z]\w*$/.test(node.id) && !/^(?:open|str)$/.test(node.id);
    else if (bindings.scope === scope && bindingsIn(scope).names.has(node.id)) {
      const source = fixedValue(bindings.bindings, known);
      found ||= !source || !isPath(source, known) || varies(scope, source, known, depth + 1);
    }
  });
  return found;
}

/** What a local name always stands for: its one assignment, what its `with` opens, or its default. */
function fixedValue(bindings: readonly Binding[], { byDefault }: Known): Expression | undefined {
  const [only, ...more] = bindings;
  if (!only || more.length > 0 || only.condition !== 'always') return undefined;
  if (only.kind === 'value') return only.value;
  if (only.kind === 'parameter') return byDefault ? only.parameter.default : undefined;
  return only.kind === 'opaque' ? only.from : undefined;
}

/** Texts, paths and opened files; not what collects something before it is used. */
function isPath(value: Expression, known: Known): boolean {
  switch (value.kind) {
    case 'string':
    case 'fstring':
    case 'attribute':
    case 'name':
    case 'subscript':
      return true;
    case 'binary':
      return isPath(value.left, known) && isPath(value.right, known);
    case 'call':
      return known.path(value.callee);
    default:
      return false;
  }
}
