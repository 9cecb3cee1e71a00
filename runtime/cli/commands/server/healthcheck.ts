import { askEndpoint } from '../../../api/http/ask-endpoint.ts';
import { command } from '../../command.ts';
import { showAnswer } from './show-answer.ts';

export const healthcheck = command({
  name: 'server healthcheck',
  summary: 'Asks a model server whether it is healthy and prints its answer',
  details: 'Exit status 0 when it is, 1 when it is not.',
  arguments: { name: { doc: 'the model server' } },
  example: 'spell server healthcheck cifar',
  run: async (context, { name }) => {
    const client = await context.controlPlane.connect();
    showAnswer(context, await askEndpoint(client, { owner: context.owner, name, verb: 'health' }));
  },
});
