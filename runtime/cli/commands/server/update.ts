import { resolve } from 'node:path';
import { SpellError } from '../../../api/errors.ts';
import type { Preview } from '../../../api/objects.ts';
import { planUpdate, previewUpdate, update as sendUpdate } from '../../../api/project/plan.ts';
import { overlay, type SaidSettings } from '../../../api/project/said.ts';
import { readSpellYaml } from '../../../api/project/spell-yaml.ts';
import { settingKeys } from '../../../api/settings.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { printJson } from '../../terminal/json.ts';
import { showSending } from '../../terminal/progress.ts';
import { recreateOption } from './recreate-option.ts';
import { noCheckOption, refuseMistakes } from './refuse-mistakes.ts';
import { detachOption, finishOperation } from './run-operation.ts';
import { saidByFlags, settingOptions } from './setting-options.ts';
import { showServed } from './show-served.ts';

/** All but the name, which stays. */
const keys = settingKeys.filter((key) => key !== 'server-name');

export const update = command({
  name: 'server update',
  summary: 'Changes a model server without a gap in its answers',
  details:
    'What is not mentioned stays as it was; a repeatable option replaces its whole list. Code is taken again only with --entrypoint or ' +
    '--from-file. The old revision answers until the new one is ready, and goes on answering when it fails.',
  arguments: { name: { doc: 'the model server' } },
  options: {
    ...settingOptions(keys, false),
    'disable-batching': { kind: 'switch', doc: 'answer each request with a call of its own again' },
    unset: { kind: 'list', value: 'SETTING', doc: 'restore a default' },
    'from-file': { kind: 'value', value: 'FILE', doc: 'read the settings from a YAML file; flags win over it' },
    ...recreateOption,
    'dry-run': { kind: 'switch', doc: 'only tell what would change' },
    ...noCheckOption,
    ...detachOption,
  },
  example: `
spell server update cifar --entrypoint predictor.py
spell server update cifar --model cifar:v2 --min-pods 2
spell server update cifar --unset min-pods`,
  run: async (context, input) => {
    const name = input.name as string;
    const file = input['from-file'] as string | undefined;
    const fromFile = file === undefined ? {} : await saidInFile(resolve(context.cwd, file), name);
    const said = overlay(fromFile, { ...saidByFlags(keys, input, context.cwd), ...disabling(input, context.cwd) });
    const plan = {
      ...(await planUpdate(name, said, (input.unset as string[] | undefined) ?? [], context)),
      recreate: input.recreate === true,
    };
    if (!input['no-check']) await refuseMistakes(context, { said, settings: plan.settings, complete: false });
    const client = await context.controlPlane.connect();
    if (input['dry-run'] === true) {
      showPreview(context, await previewUpdate(client, { owner: context.owner, name }, plan));
      return;
    }
    const sending = showSending(context.terminal, name);
    const operation = await sendUpdate(client, { owner: context.owner, name }, plan, sending.update).finally(sending.end);
    showServed(context, [await finishOperation(context, client, operation, input.detach)]);
  },
});

/** Each change in a line, as `spell server revisions` would tell it. */
function showPreview(context: Context, preview: Preview): void {
  if (context.output === 'json') printJson(context, preview);
  else if (preview.action === 'none') context.terminal.say('nothing would change');
  else for (const change of preview.changes) context.terminal.print(change);
}

/** `--disable-batching` says no to what `--enable-batching` says yes to. */
function disabling(input: Record<string, unknown>, folder: string): SaidSettings {
  if (input['disable-batching'] !== true) return {};
  if (input['enable-batching'] === true) {
    throw new SpellError('usage', '--enable-batching and --disable-batching exclude each other', 'leave one of them out');
  }
  return { 'enable-batching': { value: false, where: '--disable-batching', folder } };
}

/** The document of the model server that is meant: the only one, or the one that names it. */
async function saidInFile(file: string, name: string): Promise<SaidSettings> {
  const documents = await readSpellYaml(file);
  const [first, ...others] = documents;
  if (first && others.length === 0) return first.said;
  const named = documents.find(({ said }) => said['server-name']?.value === name);
  if (named) return named.said;
  throw new SpellError(
    'bad-setting',
    `${file} has ${documents.length} model servers, none of them named ${name}`,
    'give its document the line `server-name`',
  );
}
