import { shapeOf } from '../../parse/predictor/shapes.ts';
import type { Expression, Parameter } from '../../parse/python/ast.ts';
import type { YamlValue } from '../../parse/yaml/yaml.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { ConfigRule, Report } from './rule.ts';

/** What a YAML value is for Python. */
type Kind = 'str' | 'int' | 'float' | 'bool' | 'list' | 'dict' | 'None';

export const configType: ConfigRule = {
  code: 'config-type',
  severity: 'warning',
  subject: 'config',
  page: {
    what: 'A value in a config file is of another type than the parameter of `__init__` that receives it, by its annotation or its default.',
    why: 'Nothing converts it: the predictor receives what the file says, and fails later, or computes with a text as if it were a number.',
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': 'threshold: "0.5"\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, threshold: float = 0.3):\n        self.threshold = threshold\n\n    def predict(self, payload):\n        return payload["score"] > self.threshold\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': 'threshold: 0.5\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, threshold: float = 0.3):\n        self.threshold = threshold\n\n    def predict(self, payload):\n        return payload["score"] > self.threshold\n',
    },
  },
  *check(file): Generator<Report> {
    const { value } = file;
    if (value?.kind !== 'map') return;
    const reported = new Set<string>();
    for (const { file: python, init } of file.receivers) {
      if (!init || init.disguised) continue;
      const owner = new Map(python.callParameters(init).map((parameter) => [parameter.name, parameter] as const));
      for (const entry of value.entries) {
        const parameter = owner.get(entry.key);
        const allowed = parameter && allowedBy(python, init.owner.module, parameter);
        const given = kindOf(entry.value);
        if (!parameter || !allowed || !given || fits(given, allowed) || reported.has(entry.key)) continue;
        reported.add(entry.key);
        yield {
          span: entry.value.from === entry.value.to ? entry.keySpan : entry.value,
          message: `\`${entry.key}\` is ${article(given)}, but \`__init__\` takes ${allowed.map(article).join(' or ')}`,
          related: [{ path: init.owner.module.path, span: parameter, message: `\`${parameter.name}\` receives it` }],
        };
      }
    }
  },
};

function kindOf(value: YamlValue): Kind | undefined {
  if (value.kind === 'list') return 'list';
  if (value.kind === 'map') return 'dict';
  if (typeof value.value === 'string') return 'str';
  if (typeof value.value === 'boolean') return 'bool';
  if (value.value === null) return 'None';
  return Number.isInteger(Number(value.value)) && !/[.eE]/.test(value.source) ? 'int' : 'float';
}

function fits(given: Kind, allowed: readonly Kind[]): boolean {
  // As type checkers have it, an int is a float; a bool is an int to Python.
  return (
    allowed.includes(given) ||
    (given === 'int' && allowed.includes('float')) ||
    (given === 'bool' && (allowed.includes('int') || allowed.includes('float')))
  );
}

const types: Record<string, Kind> = {
  'builtins.str': 'str',
  'builtins.int': 'int',
  'builtins.float': 'float',
  'builtins.bool': 'bool',
  'builtins.list': 'list',
  'builtins.tuple': 'list',
  'builtins.dict': 'dict',
  'typing.List': 'list',
  'typing.Tuple': 'list',
  'typing.Sequence': 'list',
  'typing.Dict': 'dict',
  'typing.Mapping': 'dict',
};

/** The kinds that a parameter surely wants; undefined when it may take others. */
function allowedBy(file: PredictorFile, module: PredictorFile['module'], parameter: Parameter): readonly Kind[] | undefined {
  const noneByDefault = parameter.default?.kind === 'constant' && parameter.default.value === 'None';
  if (parameter.annotation) {
    const kinds = ofAnnotation(file, module, parameter.annotation);
    return kinds && noneByDefault ? [...kinds, 'None'] : kinds;
  }
  if (!parameter.default || noneByDefault) return undefined;
  switch (shapeOf(file.project, { module }, parameter.default)) {
    case 'str':
      return ['str', 'None'];
    case 'number':
      return ['int', 'float', 'None'];
    case 'bool':
      return ['bool', 'None'];
    case 'list':
    case 'tuple':
      return ['list', 'None'];
    case 'dict':
      return ['dict', 'None'];
    default:
      return undefined;
  }
}

function ofAnnotation(file: PredictorFile, module: PredictorFile['module'], annotation: Expression): Kind[] | undefined {
  if (annotation.kind === 'constant' && annotation.value === 'None') return ['None'];
  if (annotation.kind === 'binary' && annotation.operator === '|') {
    const [left, right] = [ofAnnotation(file, module, annotation.left), ofAnnotation(file, module, annotation.right)];
    return left && right ? [...left, ...right] : undefined;
  }
  const name = file.external({ module }, annotation.kind === 'subscript' ? annotation.object : annotation);
  if (annotation.kind === 'subscript' && (name === 'typing.Optional' || name === 'typing.Union')) {
    const parts = annotation.indices
      .flatMap((index) => (index.kind === 'tuple' ? index.items : [index]))
      .map((part) => ofAnnotation(file, module, part));
    const kinds = parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    return kinds && name === 'typing.Optional' ? [...kinds, 'None'] : kinds;
  }
  const kind = name === undefined ? undefined : types[name];
  return kind && [kind];
}

function article(kind: Kind): string {
  return kind === 'None' ? 'nothing' : `${kind === 'int' ? 'an' : 'a'} ${kind}`;
}
