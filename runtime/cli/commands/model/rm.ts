import { parseModelRef } from '../../../api/names.ts';
import { command } from '../../command.ts';
import { refuseUnlessConfirmed, showRemoved } from '../confirm.ts';

export const rm = command({
  name: 'model rm',
  summary: 'Removes a model, or one version of it',
  details: 'Refused while a model server uses it. The resource that it was made from stays.',
  arguments: { model: { show: 'NAME[:VERSION]', doc: 'the model, or one version of it' } },
  example: `
spell model rm cifar:v3
spell model rm cifar --yes`,
  run: async (context, { model }) => {
    const { name, version } = parseModelRef(model);
    const client = await context.controlPlane.connect();
    if (version === undefined) {
      const { length } = await client.describeModel({ name });
      await refuseUnlessConfirmed(context, `remove the model ${name} with ${length === 1 ? 'its version' : `all its ${length} versions`}?`);
      await client.removeModel({ name });
    } else {
      const { version: number } = await client.describeModelVersion({ name, version });
      await refuseUnlessConfirmed(context, `remove version v${number} of the model ${name}?`);
      await client.removeModelVersion({ name, version });
    }
    showRemoved(context, model);
  },
});
