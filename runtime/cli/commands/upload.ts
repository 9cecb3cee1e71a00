import { resolve } from 'node:path';
import { toManifest } from '../../api/project/tree.ts';
import { planUpload } from '../../api/project/upload-tree.ts';
import { shownSize } from '../../api/shown-size.ts';
import { command } from '../command.ts';
import { readFiles, sendFiles, throughRestarts } from '../sending.ts';
import { shownFileCount } from '../terminal/counts.ts';
import { printJson } from '../terminal/json.ts';

export const upload = command({
  name: 'upload',
  summary: 'Sends a file or a folder, as uploads/NAME',
  details:
    'Of a folder its content lies directly under the name. An upload of the same name is replaced; models that were made from it keep their files. ' +
    'What the control plane has already is not sent: an upload that broke off goes on with the files that are missing.',
  arguments: { path: { doc: 'a file or a folder' } },
  options: { name: { kind: 'value', short: 'n', value: 'NAME', doc: "its name (default: the path's last piece)" } },
  example: `
spell upload weights
spell upload ./out/model.h5 --name cifar`,
  run: async (context, { path, name: said }) => {
    const plan = await planUpload(resolve(context.cwd, path), said);
    await context.controlPlane.connect();
    const files = await readFiles(context, plan.name, plan.files);
    const resource = await throughRestarts(context.controlPlane, async (client) => {
      await sendFiles(context, client, plan.name, files);
      return client.createUpload({ body: { name: plan.name, files: toManifest(files) } });
    });
    if (context.output === 'json') return printJson(context, resource);
    context.terminal.say(`${shownFileCount(resource.files)}, ${shownSize(resource.size)}`);
    context.terminal.print(resource.path);
  },
});
