import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Command, command } from '../command.ts';
import { type CommandGroup, findCommand } from './find-command.ts';
import { parseInput } from './parse-input.ts';

const serve: Command = command({
  name: 'server serve',
  summary: 'Serves',
  arguments: { name: { doc: 'its name' }, rest: { doc: 'more', optional: true, repeat: true } },
  options: {
    force: { kind: 'switch', short: 'f', doc: 'force' },
    file: { kind: 'value', short: 'p', value: 'FILE', doc: 'a file' },
    env: { kind: 'list', short: 'e', value: 'K=V', doc: 'variables' },
  },
  example: 'spell server serve x',
  run: async () => {},
});
const commands: CommandGroup = {
  summary: 'all',
  commands: {
    server: { summary: 'servers', byDefault: 'list', commands: { serve: async () => serve, list: async () => serve } },
    cluster: { summary: 'clusters', commands: { create: async () => serve } },
    ls: async () => serve,
  },
};

for (const [line, words, rest] of [
  ['server serve x -f', 'server serve', 'x -f'],
  ['-o json server --quiet serve x', 'server serve', '-o json --quiet x'],
  ['server', 'server list', ''],
  ['--context local server -o json', 'server list', '--context local -o json'],
  ['ls server', 'ls', 'server'],
  ['', '', ''],
  ['server --help', 'server', '--help'],
] as const) {
  test(`"spell ${line}" leads to "${words}"`, () => {
    const found = findCommand(commands, line.split(' ').filter(Boolean));
    assert.deepEqual([found.words.join(' '), found.rest.join(' ')], [words, rest]);
  });
}

for (const [line, hint] of [
  ['server serv', 'did you mean `spell server serve`?'],
  ['sever', 'did you mean `spell server`?'],
  ['server zzzzzzzz', '`spell server --help` lists what there is'],
  ['cluster destroy', '`spell cluster --help` lists what there is'],
] as const) {
  test(`"spell ${line}" is unknown: ${hint}`, () => {
    assert.throws(() => findCommand(commands, line.split(' ')), { code: 'usage', hint });
  });
}

for (const [line, own] of [
  ['x', { name: 'x', rest: [], force: false, file: undefined, env: undefined }],
  ['-f x y z', { name: 'x', rest: ['y', 'z'], force: true, file: undefined, env: undefined }],
  ['x -e A=1 --env=B=2 -eC=3', { name: 'x', rest: [], force: false, file: undefined, env: ['A=1', 'B=2', 'C=3'] }],
  ['-fp a.txt x', { name: 'x', rest: [], force: true, file: 'a.txt', env: undefined }],
  ['--file - x', { name: 'x', rest: [], force: false, file: '-', env: undefined }],
  ['--file=-x x', { name: 'x', rest: [], force: false, file: '-x', env: undefined }],
  ['--file -1 x', { name: 'x', rest: [], force: false, file: '-1', env: undefined }],
  ['x -- -f', { name: 'x', rest: ['-f'], force: false, file: undefined, env: undefined }],
] as const) {
  test(`"${line}" is read`, () => {
    const parsed = parseInput(serve, line.split(' '));
    assert.deepEqual({ ...parsed.own }, own);
  });
}

for (const [line, message, hint] of [
  ['', /needs NAME: its name/, /usage: spell server serve \[options\] NAME \[REST…\]/],
  ['x --forse', /has no option --forse/, /did you mean --force\?/],
  ['x -z', /has no option -z/, /--help/],
  ['x --force=yes', /--force takes no value, but got "yes"/, /./],
  ['x --file', /--file needs a value/, /--file FILE/],
  ['x --file --force', /--file needs a value/, /--file=--force/],
] as const) {
  test(`"${line}" is refused`, () => {
    assert.throws(() => parseInput(serve, line.split(' ').filter(Boolean)), { code: 'usage', message, hint });
  });
}

test('whoever asks for help gets it, whatever is missing', () => {
  assert.equal(parseInput(serve, ['--help']).global.help, true);
});

test('a command that only says why it cannot be used takes anything', () => {
  assert.doesNotThrow(() => parseInput({ ...serve, takesAnything: true }, ['--what', 'ever', '-q']));
});

test('too many arguments are refused, naming the first', () => {
  const one: Command = { ...serve, arguments: { name: { doc: 'its name' } } };
  assert.throws(() => parseInput(one, ['a', 'b']), { code: 'usage', message: /does not take "b"/ });
});
