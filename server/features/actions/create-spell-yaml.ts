import { nameProblem } from '../../../runtime/api/names.ts';
import { childPath, nameOf, parentOf, relativePath, stemOf } from '../../parse/project/paths.ts';
import { spellYamlName } from '../../parse/yaml/spell-yaml.ts';
import { yamlText } from '../edits/yaml-edits.ts';
import type { Fix } from '../rules/rule.ts';
import type { PredictorFile } from '../subjects/predictor-file.ts';

/** Makes a `spell.yaml` for a predictor that no one names yet, beside the project's root. */
export function createSpellYaml(file: PredictorFile): Fix | undefined {
  if (file.predictors.length === 0 || file.isEntrypoint || file.hasNeighbouringSpellYaml) return undefined;
  const folder = file.project.rootOf(file.path) ?? parentOf(file.path);
  const path = childPath(folder, spellYamlName);
  const { newline } = file.lines;
  const [first, second] = file.predictors;
  const lines = [
    `server-name: ${nameFor(file, folder)}`,
    `entrypoint: ${yamlText(relativePath(folder, file.path))}`,
    ...(first && second ? [`classname: ${first.name}`] : []),
  ];
  return { title: 'Create spell.yaml for this predictor', edits: [], creates: [{ path, text: lines.join(newline) + newline }] };
}

/** The project's folder names the server, else the file does. */
function nameFor(file: PredictorFile, folder: string): string {
  const names = [nameOf(folder), stemOf(file.path)].map((name) =>
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/([._-])[._-]+/g, '$1')
      .replace(/^[._-]+|[._-]+$/g, ''),
  );
  return names.find((name) => nameProblem('model server', name) === undefined) ?? 'predictor';
}
