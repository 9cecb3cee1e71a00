import { resolve } from 'node:path';
import type { Client } from '../../api/http/client-types.ts';
import type { ModelServer, Operation, Preview } from '../../api/objects.ts';
import { planServe, replaceRequestOf, type ServePlan, serveRequestOf } from '../../api/project/plan.ts';
import { readSpellYaml } from '../../api/project/spell-yaml.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { printJson } from '../terminal/json.ts';
import { noCheckOption, refuseMistakes } from './server/refuse-mistakes.ts';
import { refuseSameNames } from './server/refuse-same-names.ts';
import { detachOption, finishOperation } from './server/run-operation.ts';
import { sendShown } from './server/send-shown.ts';
import { showServed } from './server/show-served.ts';

export const apply = command({
  name: 'apply',
  summary: 'Makes model servers what a spell.yaml says: serves what is missing, updates what differs',
  details:
    'What the file does not say goes back to its default. Applied again it changes nothing. All documents are checked before the first ' +
    'of them is served.',
  options: {
    file: { kind: 'value', short: 'f', value: 'FILE', doc: 'the file (default: spell.yaml)' },
    'dry-run': { kind: 'switch', doc: 'only tell what would be done' },
    ...noCheckOption,
    ...detachOption,
  },
  example: `
spell apply
spell apply -f production.yaml --dry-run`,
  run: async (context, input) => {
    const documents = await readSpellYaml(resolve(context.cwd, (input.file as string | undefined) ?? 'spell.yaml'));
    const plans = await Promise.all(documents.map(({ said }) => planServe(said, context)));
    refuseSameNames(plans.map(({ name }) => name));
    if (!input['no-check']) {
      for (const [index, { settings }] of plans.entries())
        await refuseMistakes(context, { said: documents[index]?.said ?? {}, settings, complete: true });
    }
    const client = await context.controlPlane.connect();
    const steps = await prepare(context, client, plans);
    for (const { plan, preview } of steps) tell(context, plan.name, preview);
    if (input['dry-run']) {
      if (context.output === 'json')
        printJson(
          context,
          steps.map(({ plan, preview }) => ({ name: plan.name, ...preview })),
        );
      return;
    }
    const served: ModelServer[] = [];
    for (const { run } of steps) served.push(await finishOperation(context, client, await run(), input.detach));
    showServed(context, served);
  },
});

/** One document, what it would do, and how that is done. */
interface Step {
  plan: ServePlan;
  preview: Preview;
  run: () => Promise<Operation>;
}

/** Sends what is missing and lets the control plane check everything. Nothing has changed when this throws. */
async function prepare(context: Context, client: Client, plans: readonly ServePlan[]): Promise<Step[]> {
  const known = new Set((await client.listModelServers()).filter(({ owner }) => owner === context.owner).map(({ name }) => name));
  const steps: Step[] = [];
  for (const plan of plans) {
    await sendShown(context, client, plan);
    const key = { owner: context.owner, name: plan.name };
    if (known.has(plan.name)) {
      const body = replaceRequestOf(plan);
      steps.push({ plan, preview: await client.previewUpdate({ ...key, body }), run: () => client.update({ ...key, body }) });
    } else {
      const body = serveRequestOf(context.owner, plan);
      steps.push({ plan, preview: await client.previewServe({ body }), run: () => client.serve({ body }) });
    }
  }
  return steps;
}

function tell({ terminal }: Context, name: string, { action, changes }: Preview): void {
  const words = { create: 'is new', none: 'stays as it is', update: `changes: ${changes.join('; ')}` };
  terminal.say(`${name} ${words[action]}`);
}
