import { SpellError } from '../../../api/errors.ts';
import { parseModelRef, parseResourceRef } from '../../../api/names.ts';
import { command } from '../../command.ts';
import { printJson } from '../../terminal/json.ts';

export const create = command({
  name: 'model create',
  summary: 'Makes a model, or its next version, from an upload or a run',
  details:
    'Versions are numbered by themselves (v1, v2, …) and can have a name beside the number. Without --file the whole resource is the ' +
    "model. With a resource alone the model gets the resource's own name.",
  arguments: {
    what: { show: '[NAME[:VERSION]] RESOURCE', doc: "the model's name, and what it is made from: uploads/NAME or runs/N", repeat: true },
  },
  options: {
    file: {
      kind: 'list',
      short: 'f',
      value: 'PATH[:DEST]',
      doc: 'only this file or folder of the resource, under /model/DEST when that is given',
    },
    version: { kind: 'value', value: 'VERSION', doc: 'a name for the version, beside its number' },
    description: { kind: 'value', short: 'd', value: 'TEXT', doc: 'a sentence for people' },
  },
  example: `
spell model create cifar uploads/cifar
spell model create --version proof-of-concept --file out/model.h5:model.h5 cifar runs/1`,
  run: async (context, { what, file, version, description }) => {
    const { name, version: named, resource } = readWhat(what);
    if (version !== undefined && named !== undefined && version !== named) {
      throw new SpellError('usage', `the version is named twice: ${named} and ${version}`, 'leave one of them out');
    }
    const custom = version ?? named;
    const client = await context.controlPlane.connect();
    const created = await client.createModel({
      body: {
        resource,
        ...(name === undefined ? {} : { name }),
        ...(custom === undefined ? {} : { version: custom }),
        ...(file === undefined ? {} : { files: file }),
        ...(description === undefined ? {} : { description }),
      },
    });
    if (context.output === 'json') return printJson(context, created);
    context.terminal.say(`made from ${created.resource}: ${created.files.length === 1 ? '1 file' : `${created.files.length} files`}`);
    context.terminal.print(`${created.model}:v${created.version}`);
  },
});

function readWhat(what: readonly string[]): { name?: string; version?: string; resource: string } {
  const [first = '', second, ...others] = what;
  if (others.length > 0)
    throw new SpellError(
      'usage',
      `\`spell model create\` does not take ${JSON.stringify(others[0])}`,
      'spell model create [NAME[:VERSION]] RESOURCE',
    );
  if (second !== undefined) return { ...parseModelRef(first), resource: second };
  const resource = parseResourceRef(first);
  if (resource === undefined) {
    throw new SpellError(
      'usage',
      `${JSON.stringify(first)} is no resource`,
      `name what the model is made from: spell model create ${first} uploads/NAME`,
    );
  }
  return { resource: first };
}
