import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SpellError } from '../../../api/errors.ts';
import type { ModelServer, ServeRequest } from '../../../api/objects.ts';
import { planServe, serveRequestOf } from '../../../api/project/plan.ts';
import { overlay, type SaidSettings } from '../../../api/project/said.ts';
import { readSpellYaml } from '../../../api/project/spell-yaml.ts';
import { settingKeys } from '../../../api/settings.ts';
import { command } from '../../command.ts';
import { noCheckOption, refuseMistakes } from './refuse-mistakes.ts';
import { refuseSameNames } from './refuse-same-names.ts';
import { detachOption, finishOperation } from './run-operation.ts';
import { sendShown } from './send-shown.ts';
import { saidByFlags, settingOptions } from './setting-options.ts';
import { showServed } from './show-served.ts';

export const serve = command({
  name: 'server serve',
  summary: 'Serves a predictor file as an endpoint, with the code around it',
  details:
    'The project of the entrypoint travels with it, uncommitted changes too, without what .gitignore and .spellignore name. ' +
    'Without arguments everything is read from ./spell.yaml. Waits until the endpoint answers; its last line is the URL.',
  arguments: {
    what: { show: '[MODEL[:VERSION]]… ENTRYPOINT', doc: "the models, then the predictor's file", optional: true, repeat: true },
  },
  options: {
    ...settingOptions(settingKeys, true),
    'from-file': {
      kind: 'value',
      value: 'FILE',
      doc: 'read the settings from a YAML file; flags win over it, several documents are several servers',
    },
    ...noCheckOption,
    ...detachOption,
  },
  example: `
spell server serve cifar:v1 predictor.py
spell server serve --name echo --min-pods 2 -e MODE=fast predictor.py
spell server serve --from-file spell.yaml`,
  run: async (context, input) => {
    const said = await saidForServe(
      context.cwd,
      input.what,
      input['from-file'] as string | undefined,
      saidByFlags(settingKeys, input, context.cwd),
    );
    // All are read and checked before the first is served.
    const plans = await Promise.all(said.map((each) => planServe(each, context)));
    refuseSameNames(plans.map(({ name }) => name));
    if (!input['no-check']) {
      for (const [index, { settings }] of plans.entries())
        await refuseMistakes(context, { said: said[index] ?? {}, settings, complete: true });
    }
    const client = await context.controlPlane.connect();
    const bodies: ServeRequest[] = [];
    for (const plan of plans) {
      await sendShown(context, client, plan);
      bodies.push(serveRequestOf(context.owner, plan));
    }
    // Of several, the control plane checks each before the first is served.
    if (bodies.length > 1) for (const body of bodies) await client.previewServe({ body });
    const served: ModelServer[] = [];
    for (const body of bodies) served.push(await finishOperation(context, client, await client.serve({ body }), input.detach));
    showServed(context, served);
  },
});

/** What is to be served: the arguments and flags, the documents of a file with those over it, or those of `./spell.yaml`. */
async function saidForServe(cwd: string, what: readonly string[], file: string | undefined, flags: SaidSettings): Promise<SaidSettings[]> {
  const said = overlay(flags, saidByArguments(what, flags, cwd));
  if (file !== undefined) return overlayAll(resolve(cwd, file), said);
  if (said.entrypoint) return [said];
  const beside = resolve(cwd, 'spell.yaml');
  const found = await access(beside).then(
    () => true,
    () => false,
  );
  if (found) return overlayAll(beside, said);
  throw new SpellError(
    'usage',
    'nothing to serve: no ENTRYPOINT was given, and there is no spell.yaml here',
    'spell server serve [MODEL[:VERSION]]… ENTRYPOINT, or --from-file FILE',
  );
}

async function overlayAll(file: string, said: SaidSettings): Promise<SaidSettings[]> {
  const documents = await readSpellYaml(file);
  return documents.map((document) => overlay(document.said, said));
}

/** The last argument is the entrypoint, unless a flag names it. Arguments and flags of one kind exclude each other. */
function saidByArguments(what: readonly string[], flags: SaidSettings, cwd: string): SaidSettings {
  const models = flags.entrypoint ? what : what.slice(0, -1);
  const entrypoint = flags.entrypoint ? undefined : what.at(-1);
  if (models.length > 0 && flags.model) {
    throw new SpellError('usage', 'models stand before the entrypoint and after --model', 'name them in one way');
  }
  return {
    ...(models.length > 0 ? { model: { value: [...models], where: 'MODEL', folder: cwd } } : {}),
    ...(entrypoint === undefined ? {} : { entrypoint: { value: entrypoint, where: 'ENTRYPOINT', folder: cwd } }),
  };
}
