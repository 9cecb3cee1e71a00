import { command } from '../../command.ts';
import { detachOption, finishOperation } from './run-operation.ts';
import { showServed } from './show-served.ts';

export const start = command({
  name: 'server start',
  summary: 'Starts a stopped model server again',
  arguments: { name: { doc: 'the model server' } },
  options: detachOption,
  example: 'spell server start cifar',
  run: async (context, { name, detach }) => {
    const client = await context.controlPlane.connect();
    const operation = await client.start({ owner: context.owner, name });
    if (operation.revision === null) context.terminal.say(`${name} runs already`);
    const server = operation.revision === null ? operation.modelServer : await finishOperation(context, client, operation, detach);
    showServed(context, [server]);
  },
});
