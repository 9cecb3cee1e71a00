/**
 * The faults that keep a predictor from starting (`spec/behaviour.md` §2), for the worker, which finds them, and for the
 * language server, which finds most of them earlier under the same codes (`spec/language-server.md` §1).
 *
 * A key is a code, or `code/variant` where one code needs several sentences. `{…}` is filled in by whoever reports.
 * The worker's copy, `runtime/python/spell/worker/rules.py`, is written by `scripts/generate-rules.ts`.
 */
export const predictorRules = {
  'entrypoint-missing': {
    message: 'there is no file {file} in the project',
    hint: 'name the predictor file as it is called relative to the project, {root}',
  },
  'syntax-error': {
    message: '{file}, line {line}, is not valid Python {python}: {problem}',
    hint: 'correct the line; if it is valid in a newer Python, choose that one with --python',
  },
  'missing-dependency': {
    message: '{file} needs the package `{module}`, which {python} does not have',
    hint: 'add it with --pip, install it into that environment, or choose another one with --python',
  },
  'import-failed': {
    message: 'importing {file} raised {exception}',
    hint: 'the log has the traceback; run `python {file}` in {root} to see it yourself',
  },
  'no-predictor': {
    message: '{file} has no subclass of BasePredictor',
    hint: 'write `class Predictor(BasePredictor):` with a method `predict(self, payload)`',
  },
  'several-predictors': {
    message: '{file} has several predictors: {candidates}',
    hint: 'choose one of them with --classname, or `classname:` in spell.yaml',
  },
  'classname-missing': {
    message: '{file} has no predictor called {classname}',
    hint: 'its predictors are: {candidates}',
  },
  'predict-missing': {
    message: '{class} has no method `{method}`',
    hint: 'add `def {method}(self, payload):` to {class}',
  },
  'method-not-callable': {
    message: '`{method}` of {class} is {found}, not a method',
    hint: 'define it with `def {method}(self, …):`',
  },
  'predict-arguments/none': {
    message: '`{method}` of {class} has no parameter for the payload',
    hint: 'write `def {method}(self, payload):`',
  },
  'predict-arguments/several': {
    message: '`{method}` of {class} has several parameters that nothing fills: {parameters}',
    hint: 'one takes the payload; annotate the others with Request or BackgroundTasks, use the decorators, or give them defaults',
  },
  'injected-parameter-missing': {
    message: '`{decorator}` on `{method}` of {class} names the parameter `{parameter}`, which `{method}` does not have',
    hint: 'give the decorator one of these names: {parameters}; or rename the parameter',
  },
  'injected-twice/two': {
    message: '`{method}` of {class} asks for the {type} twice, by `{first}` and by `{second}`',
    hint: 'keep one of the two',
  },
  'injected-twice/disagree': {
    message: '`{parameter}` of `{method}` in {class} is annotated with {annotation}, but decorated to receive the {type}',
    hint: 'remove the annotation or the decorator',
  },
  'request-in-batched-predict': {
    message: '`predict` of {class} asks for the Request by `{parameter}`, but batching is on, and a batch has many requests',
    hint: 'add a method `prepare(self, payload: Request)` that returns what `predict` needs, and let `predict` take a list of that',
  },
  'config-not-mapping': {
    message: 'the config is {found}, not a mapping of names to values',
    hint: 'its keys are the parameters of {class}.__init__: write `key: value` lines',
  },
  'config-key-unknown': {
    message: 'the config has the key `{key}`, which {class}.__init__ does not accept',
    hint: '{suggestion}',
  },
  'config-missing': {
    message: '{class}.__init__ needs `{parameter}`, which the config does not give',
    hint: 'add `{parameter}:` to the file that --config names, or give the parameter a default',
  },
  'init-failed': {
    message: '{class}.__init__ raised {exception}',
    hint: 'the log has the traceback',
  },
  'paths-failed': {
    message: '/model and /mounts could not be put in place: {problem}',
    hint: 'this is a defect of Spell or of the machine: the log has the details',
  },
  'worker-failed': {
    message: 'the worker could not start: {exception}',
    hint: 'this is a defect of Spell: the log has the traceback',
  },
} as const satisfies Record<string, { message: string; hint: string }>;

/** A sentence of {@link predictorRules}. */
export type PredictorRule = keyof typeof predictorRules;

/** The code of a rule, without its variant. */
export type PredictorRuleCode = PredictorRule extends infer Rule ? (Rule extends `${infer Code}/${string}` ? Code : Rule) : never;
