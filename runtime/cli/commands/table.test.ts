import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../command.ts';
import { type CommandGroup, findCommand } from '../parsing/find-command.ts';
import { commandHelp } from '../parsing/help.ts';
import { parseInput } from '../parsing/parse-input.ts';
import { commands } from './table.ts';

async function all(group: CommandGroup, words: string[] = []): Promise<[string, Command][]> {
  const found = await Promise.all(
    Object.entries(group.commands).map(async ([word, node]): Promise<[string, Command][]> => {
      const path = [...words, word];
      return typeof node === 'function' ? [[path.join(' '), await node()]] : all(node, path);
    }),
  );
  return found.flat();
}

for (const [path, command] of await all(commands)) {
  test(`\`spell ${path}\`: its name is where it stands, and its help has an example that works`, () => {
    assert.equal(command.name, path);
    assert.doesNotMatch(command.summary, /\.$/);
    const help = commandHelp(command);
    assert.match(help, new RegExp(`^usage: spell ${path}`));
    assert.ok(
      help.split('\n').every((line) => line.length <= 100),
      'a line is longer than 100 characters',
    );
    const calls = command.example.split('\n').flatMap((line) => /(?:^|[|(] ?)spell ([^|)>]*)/.exec(line)?.[1] ?? []);
    assert.ok(calls.length > 0);
    for (const call of calls) {
      const argv = [...call.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      const found = findCommand(commands, argv);
      assert.equal(found.words.join(' '), path, `the example \`spell ${call}\` is of another command`);
      parseInput(command, found.rest);
    }
  });
}

test('the command has the verbs and the flags that the specification names', async () => {
  const found = Object.fromEntries(await all(commands));
  const server = [
    'list',
    'serve',
    'update',
    'stop',
    'start',
    'rm',
    'describe',
    'status',
    'logs',
    'predict',
    'healthcheck',
    'rollback',
    'revisions',
    'batches',
    'requests',
  ];
  const others = [
    'model list',
    'model create',
    'model describe',
    'model rm',
    'run',
    'runs list',
    'runs describe',
    'runs logs',
    'upload',
    'ls',
    'cp',
    'rm',
    'prune',
    'up',
    'down',
    'status',
    'events',
    'version',
    'completion',
  ];
  for (const name of [...server.map((verb) => `server ${verb}`), ...others]) assert.ok(found[name], name);
  for (const flag of [
    'name',
    'config',
    'node-group',
    'classname',
    'pip',
    'pip-req',
    'env',
    'description',
    'min-pods',
    'num-processes',
    'from-file',
    'detach',
  ]) {
    assert.ok(found['server serve']?.options?.[flag], `serve --${flag}`);
  }
  for (const flag of ['model', 'entrypoint', 'unset', 'from-file', 'detach'])
    assert.ok(found['server update']?.options?.[flag], `update --${flag}`);
  assert.equal(found['server update']?.options?.name, undefined);
});
