import { resolve } from 'node:path';
import { sendContents } from '../../api/project/send-contents.ts';
import { digestFiles, toManifest } from '../../api/project/tree.ts';
import { planUpload } from '../../api/project/upload-tree.ts';
import { shownSize } from '../../api/shown-size.ts';
import { command } from '../command.ts';
import { printJson } from '../terminal/json.ts';
import { showSending } from '../terminal/progress.ts';

export const upload = command({
  name: 'upload',
  summary: 'Sends a file or a folder, as uploads/NAME',
  details:
    'Of a folder its content lies directly under the name. An upload of the same name is replaced; models that were made from it keep their files.',
  arguments: { path: { doc: 'a file or a folder' } },
  options: { name: { kind: 'value', short: 'n', value: 'NAME', doc: "its name (default: the path's last piece)" } },
  example: `
spell upload weights
spell upload ./out/model.h5 --name cifar`,
  run: async (context, { path, name: said }) => {
    const plan = await planUpload(resolve(context.cwd, path), said);
    const client = await context.controlPlane.connect();
    const files = await digestFiles(plan.files);
    const sending = showSending(context.terminal, plan.name);
    await sendContents(client, files, sending.update).finally(sending.end);
    const resource = await client.createUpload({ body: { name: plan.name, files: toManifest(files) } });
    if (context.output === 'json') return printJson(context, resource);
    context.terminal.say(`${resource.files === 1 ? '1 file' : `${resource.files} files`}, ${shownSize(resource.size)}`);
    context.terminal.print(resource.path);
  },
});
