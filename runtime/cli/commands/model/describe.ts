import { parseModelRef } from '../../../api/names.ts';
import type { Run } from '../../../api/objects.ts';
import { shownCommand } from '../../../api/shown-command.ts';
import { command } from '../../command.ts';
import { ago } from '../../terminal/ages.ts';
import { printJson } from '../../terminal/json.ts';
import { printTable } from '../../terminal/table.ts';
import { shownCommit } from '../runs/shown-run.ts';
import { shownFiles, shownVersion } from './version-name.ts';

/** A table's line has room for a few; the JSON has all. */
const filesInTable = 3;

export const describe = command({
  name: 'model describe',
  summary: 'Shows the versions of a model, newest first, or one of them',
  arguments: { model: { show: 'MODEL[:VERSION]', doc: 'the model, or one version of it' } },
  example: `
spell model describe cifar
spell model describe cifar:v3`,
  run: async (context, { model }) => {
    const { name, version } = parseModelRef(model);
    const client = await context.controlPlane.connect();
    const described = version === undefined ? await client.describeModel({ name }) : await client.describeModelVersion({ name, version });
    if (context.output === 'json') return printJson(context, described);
    const versions = Array.isArray(described) ? described : [described];
    printTable(
      context.terminal,
      ['VERSION', 'RESOURCE', 'FILES', 'CREATED', 'CREATOR'],
      versions.map(({ version: number, custom, resource, files, createdAt, creator }) => [
        shownVersion(number, custom),
        resource,
        shownFiles(files, filesInTable),
        ago(createdAt),
        creator,
      ]),
    );
    const [only, ...others] = versions;
    if (!only || others.length > 0) return;
    if (only.description) context.terminal.say(only.description);
    if (only.run) context.terminal.say(shownOrigin(only.run));
  },
});

/** What made the files of a version, so that it can be made again. */
function shownOrigin({ command: words, folder, git }: Run): string {
  return `made by \`${shownCommand(words)}\` in ${folder}${git === null ? '' : `, at commit ${shownCommit(git)}`}`;
}
