import { command } from '../../command.ts';
import { printJson } from '../../terminal/json.ts';

export const stop = command({
  name: 'server stop',
  summary: 'Takes a model server off line; it can be started again',
  details: 'Running requests finish first. Its endpoint stays and answers 503 until `spell server start`.',
  arguments: { name: { doc: 'the model server' } },
  options: { detach: { kind: 'switch', doc: 'do not wait until its pods are gone' } },
  example: 'spell server stop cifar',
  run: async (context, { name, detach }) => {
    const client = await context.controlPlane.connect();
    const path = { owner: context.owner, name };
    const operation = await client.stop(path);
    if (!detach) {
      const { awaitStop } = await import('../../waiting/await-rollout.ts');
      await awaitStop(context, client, operation);
    }
    if (context.output === 'json') return printJson(context, await client.describeModelServer(path));
    context.terminal.say(detach ? `${name} is stopping` : `${name} is stopped`);
  },
});
