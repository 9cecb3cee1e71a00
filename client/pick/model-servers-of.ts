import { basename } from 'node:path';
import type * as vscode from 'vscode';
import type { ModelServer } from '../../runtime/api/objects.ts';
import { nameAfterModel } from '../../runtime/api/project/plan.ts';
import { readSpellYaml } from '../../runtime/api/project/spell-yaml.ts';
import type { Context } from '../context.ts';
import { isDescribed } from '../inventory/inventory.ts';
import { entrypointOf } from '../predictors/entrypoint.ts';
import { isPayloadName, payloadUriFor } from '../requests/payload-files.ts';
import { readFor } from './read-for.ts';

/**
 * The model servers that have to do with a file: with a predictor or config that they were served from, a `spell.yaml`, or a payload.
 * Connects, which may start a control plane.
 */
export async function modelServersOf(context: Context, uri: vscode.Uri): Promise<ModelServer[]> {
  await readFor(context, context.inventory.modelServers);
  const all = await context.inventory.modelServers.detailed(isDescribed);
  const file = uri.fsPath;
  if (isPayloadName(file)) {
    const payloads = await Promise.all(all.map((server) => payloadUriFor(context, server)));
    return all.filter((_, at) => payloads[at]?.toString() === uri.toString());
  }
  if (basename(file) === 'spell.yaml') return ofSpellYaml(all, file);
  return all.filter(({ servedFrom }) => servedFrom?.entrypoint === file || servedFrom?.config === file);
}

/** Those that its documents name, served from the entrypoints that they say or from nobody knows where. */
async function ofSpellYaml(all: readonly ModelServer[], file: string): Promise<ModelServer[]> {
  const documents = await readSpellYaml(file);
  const named = documents.map(({ said }) => {
    const models = Array.isArray(said.model?.value) ? said.model.value : [];
    const own = said['server-name']?.value;
    const name = own ?? (models.length === 1 ? nameAfterModel(models) : undefined);
    return { name, entrypoint: entrypointOf(said) };
  });
  return all.filter(({ name, servedFrom }) =>
    named.some((each) => each.name === name && (!servedFrom || servedFrom.entrypoint === each.entrypoint)),
  );
}
