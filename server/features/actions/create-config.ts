import type { Predictor } from '../../parse/predictor/predictors.ts';
import { kindOf } from '../../parse/project/files.ts';
import { childPath, parentOf } from '../../parse/project/paths.ts';
import type { Expression, Parameter } from '../../parse/python/ast.ts';
import { pathInYaml, setKey, yamlText } from '../edits/yaml-edits.ts';
import type { Fix } from '../rules/rule.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';

/** Makes a config file with a key for every parameter of `__init__`, and names it in the `spell.yaml` that there is. */
export function createConfig(file: PredictorFile, predictor: Predictor): Fix | undefined {
  const init = predictor.method('__init__');
  if (!init || init.disguised) return undefined;
  const parameters = file.callParameters(init).filter((each) => each.kind === 'positional' || each.kind === 'keyword-only');
  const servings = file.servingsOf(predictor);
  const [serving] = servings;
  if (parameters.length === 0 || servings.some(({ config }) => config !== undefined)) return undefined;
  const folder = serving?.yaml ? parentOf(serving.yaml.file.path) : (file.project.rootOf(file.path) ?? parentOf(file.path));
  if (kindOf(file.world.project.view, folder, 'config.yaml') === 'file') return undefined;
  const path = childPath(folder, 'config.yaml');
  const { newline } = file.lines;
  const text = parameters.map((parameter) => `${parameter.name}: ${defaultAsYaml(file, parameter)}`).join(newline) + newline;
  const { yaml } = serving ?? {};
  return {
    title: 'Create a config from `__init__`',
    creates: [{ path, text }],
    edits: yaml ? [setKey(yaml.file, yaml.server, 'config', pathInYaml(yaml.file, path))] : [],
  };
}

/** A parameter's default as YAML, where it is a plain value; `null` where something has to be filled in. */
function defaultAsYaml(file: PredictorFile, { default: value }: Parameter): string {
  return (value && asYaml(file, value)) ?? 'null';
}

function asYaml(file: PredictorFile, value: Expression): string | undefined {
  switch (value.kind) {
    case 'constant':
      return { None: 'null', True: 'true', False: 'false', '...': undefined }[value.value];
    case 'number':
      return /^[\d.]+(?:e[+-]?\d+)?$/i.test(value.text) ? value.text : undefined;
    case 'unary':
      return value.operator === '-' && value.operand?.kind === 'number' ? file.read(value) : undefined;
    case 'string':
      return value.bytes ? undefined : yamlText(value.value);
    case 'list':
    case 'tuple': {
      const items = value.items.map((item) => asYaml(file, item));
      return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
    }
    case 'dict': {
      const entries = value.entries.map(({ key, value: inner }) => {
        const text = asYaml(file, inner);
        return key?.kind === 'string' && text !== undefined ? `${yamlText(key.value)}: ${text}` : undefined;
      });
      return entries.includes(undefined) ? undefined : `{${entries.join(', ')}}`;
    }
    default:
      return undefined;
  }
}
