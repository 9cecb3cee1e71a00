import { command } from '../../../command.ts';
import { detachOption } from '../run-operation.ts';
import { addToList, takeFromList } from './change-list.ts';

export const mountsAdd = command({
  name: 'server mounts add',
  summary: 'Shows the predictor of a model server further resources below /mounts',
  details:
    'A path is that below /mounts; without one it is the last piece of the resource. What is mounted stays as it is now until it is mounted again.',
  arguments: { name: { doc: 'the model server' }, mounts: { show: 'RESOURCE[:PATH]…', doc: 'what to mount, and where', repeat: true } },
  options: detachOption,
  example: `
spell server mounts add cifar uploads/config
spell server mounts add cifar uploads/text:vocab`,
  run: (context, { name, mounts, detach }) => addToList(context, name, 'mounts', mounts, detach),
});

export const mountsRm = command({
  name: 'server mounts rm',
  summary: 'Takes mounts away from a model server',
  arguments: { name: { doc: 'the model server' }, mounts: { show: 'RESOURCE|PATH…', doc: 'what was mounted, or where', repeat: true } },
  options: detachOption,
  example: 'spell server mounts rm cifar vocab',
  run: (context, { name, mounts, detach }) => takeFromList(context, name, 'mounts', mounts, detach),
});
