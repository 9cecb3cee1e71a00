import type { ModelFacts } from '../../../runtime/api/language-server.ts';
import { parseModelRef, versionNumber } from '../../../runtime/api/names.ts';
import type { Serving } from './servings.ts';
import type { World } from './world.ts';

/** A model version that a server serves, as the control plane knows it. */
export interface ServedModel {
  /** `cifar:v3`, for messages. */
  readonly label: string;
  /** Paths below `/model`, with the model's own folder in front when the server has several. */
  readonly files: readonly string[];
}

/** The version of a model that a reference means: a number, a custom name, or the newest. */
export function versionOf(model: ModelFacts, version: string | undefined): ModelFacts['versions'][number] | undefined {
  if (version === undefined) return model.versions[0];
  const number = versionNumber(version);
  return model.versions.find((each) => (number === undefined ? each.custom === version : each.number === number));
}

/** The models of a server; undefined when one of them is not known. */
export function servedModels(world: World, serving: Serving): ServedModel[] | undefined {
  const { models } = world.facts;
  if (!models || !serving.models || serving.models.length === 0) return undefined;
  const several = serving.models.length > 1;
  const found: ServedModel[] = [];
  for (const text of serving.models) {
    const { name, version } = parseModelRef(text);
    const model = models.find((each) => each.name === name);
    const chosen = model && versionOf(model, version);
    if (!model || !chosen) return undefined;
    found.push({ label: `${name}:v${chosen.number}`, files: several ? chosen.files.map((file) => `${name}/${file}`) : chosen.files });
  }
  return found;
}
