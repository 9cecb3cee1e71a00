import type { Expression } from '../../parse/python/ast.ts';
import { addKey, setKey } from '../edits/yaml-edits.ts';
import { receiverOf } from '../subjects/config-file.ts';
import { configOf } from '../subjects/config-values.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';
import type { Edit, Fix, PredictorRule, Report } from './rule.ts';
import { words } from './words.ts';

export const configMissing: PredictorRule = {
  code: 'config-missing',
  severity: 'error',
  subject: 'predictor',
  page: {
    what: '`__init__` has a parameter without a default, and the config has no such key.',
    why: "The config's keys are the arguments of `__init__`. The worker refuses to start when one is missing.",
    bad: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': 'threshold: 0.5\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, threshold, labels):\n        self.threshold = threshold\n        self.labels = labels\n\n    def predict(self, payload):\n        return self.labels\n',
    },
    good: {
      'spell.yaml': 'entrypoint: predictor.py\nconfig: config.yaml\n',
      'config.yaml': 'threshold: 0.5\nlabels: [cat, dog]\n',
      'predictor.py':
        'from spell.serving import BasePredictor\n\n\nclass Predictor(BasePredictor):\n    def __init__(self, threshold, labels):\n        self.threshold = threshold\n        self.labels = labels\n\n    def predict(self, payload):\n        return self.labels\n',
    },
  },
  *check(file): Generator<Report> {
    const seen = new Set<string>();
    for (const serving of file.servings) {
      const receiver = receiverOf(file.world, serving);
      if (!receiver?.init || receiver.init.disguised) continue;
      const config = configOf(file.world, serving);
      if (!config || (config.value && config.value.kind !== 'map')) continue;
      if (file.file.problems.length > 0) continue;
      const given = new Set(config.value?.kind === 'map' ? config.value.entries.map((entry) => entry.key) : []);
      for (const parameter of file.callParameters(receiver.init)) {
        if (parameter.kind === 'args' || parameter.kind === 'kwargs' || parameter.default) continue;
        if ((given.has(parameter.name) && parameter.kind !== 'positional-only') || seen.has(parameter.name)) continue;
        seen.add(parameter.name);
        const here = receiver.init.owner.module.path === file.path;
        if (!here && receiver.predictor.module.path !== file.path) continue;
        yield {
          // An inherited `__init__` may stand in another file.
          span: here ? parameter.nameSpan : receiver.predictor.definition.nameSpan,
          message: words('config-missing', { class: receiver.predictor.name, parameter: parameter.name }),
          ...(config.path !== undefined && config.path !== file.path && config.value
            ? { related: [{ path: config.path, span: config.value, message: 'the config' }] }
            : {}),
          fixes: (): Fix[] => {
            if (parameter.kind === 'positional-only') return [];
            const edit = addToConfig(serving, config, parameter.name, placeholder(file, parameter.annotation));
            return edit ? [{ title: `Add \`${parameter.name}\` to the config`, preferred: true, edits: [edit] }] : [];
          },
        };
      }
    }
  },
};

function addToConfig(
  serving: PredictorFile['servings'][number],
  config: NonNullable<ReturnType<typeof configOf>>,
  key: string,
  value: string,
): Edit | undefined {
  if (config.yaml && config.value?.kind === 'map') {
    const quoted = config.value.flow && config.value.entries.some((entry) => entry.quotedKey);
    return addKey(config.yaml.path, config.yaml.file.text, config.yaml.file.lines, config.value, quoted ? JSON.stringify(key) : key, value);
  }
  if (config.yaml)
    return {
      path: config.yaml.path,
      span: { from: config.yaml.file.text.length, to: config.yaml.file.text.length },
      text: `${key}: ${value}\n`,
    };
  return serving.yaml && !serving.config ? setKey(serving.yaml.file, serving.yaml.server, 'config', `{${key}: ${value}}`) : undefined;
}

/** A value to begin with, of the type that the annotation names. */
function placeholder(file: PredictorFile, annotation: Expression | undefined): string {
  const named = annotation?.kind === 'subscript' ? annotation.object : annotation;
  const name = named && (file.external({ module: file.module }, named) ?? '');
  const values: Record<string, string> = {
    'builtins.str': '""',
    'builtins.int': '0',
    'builtins.float': '0.0',
    'builtins.bool': 'false',
    'builtins.list': '[]',
    'typing.List': '[]',
    'builtins.dict': '{}',
    'typing.Dict': '{}',
  };
  return values[name ?? ''] ?? 'null';
}
