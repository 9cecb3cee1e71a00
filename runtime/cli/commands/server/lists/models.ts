import { command } from '../../../command.ts';
import { detachOption } from '../run-operation.ts';
import { addToList, takeFromList } from './change-list.ts';

export const modelsAdd = command({
  name: 'server models add',
  summary: 'Gives a model server further models',
  details: 'One model stands in /model; of several, each stands in /model/NAME, and `self.model_info` is a list.',
  arguments: { name: { doc: 'the model server' }, models: { show: 'MODEL[:VERSION]…', doc: 'without a version the newest', repeat: true } },
  options: detachOption,
  example: 'spell server models add translate tokens:v2',
  run: (context, { name, models, detach }) => addToList(context, name, 'model', models, detach),
});

export const modelsRm = command({
  name: 'server models rm',
  summary: 'Takes models away from a model server',
  arguments: { name: { doc: 'the model server' }, models: { show: 'MODEL…', doc: 'with or without its version', repeat: true } },
  options: detachOption,
  example: 'spell server models rm translate tokens',
  run: (context, { name, models, detach }) => takeFromList(context, name, 'model', models, detach),
});
