import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commandTable } from './commands/command-table.ts';
import { contextKeys, settingNames, views } from './contributions.ts';

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as T;

interface MenuItem {
  command?: string;
  when?: string;
  group?: string;
}

interface Manifest {
  contributes: {
    commands: { command: string; title: string; category?: string; enablement?: string }[];
    views: Record<string, { id: string; name: string; when?: string }[]>;
    viewsWelcome: { view: string; contents: string; when?: string }[];
    menus: Record<string, MenuItem[]>;
    configuration: { properties: Record<string, { scope: string; default: unknown }> }[];
    walkthroughs?: { steps: { id: string; description: string; completionEvents?: string[] }[] }[];
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

const manifest = read<Manifest>('package.json');
const { contributes } = manifest;
const texts = read<Record<string, string>>('package.nls.json');
const menuItems = Object.entries(contributes.menus).flatMap(([menu, items]) => items.map((item) => ({ menu, ...item })));
const whenClauses = [...contributes.viewsWelcome, ...menuItems, ...Object.values(contributes.views).flat()].flatMap(
  ({ when }) => when ?? [],
);
const sorted = (names: Iterable<string>): string[] => [...names].sort();

test('every command that is registered is contributed, and the other way round', () => {
  assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.keys(commandTable)));
});

test('commands are named spell.<noun>.<verb>, have a title and stand in the category Spell', () => {
  for (const { command, title, category } of contributes.commands) {
    assert.match(command, /^spell\.[a-z][A-Za-z]+\.[a-z][A-Za-z]+$/);
    assert.match(title, /^%.+%$/, command);
    assert.equal(category, 'Spell', command);
  }
});

test('menus name commands that there are', () => {
  const known = new Set(Object.keys(commandTable));
  for (const { menu, command } of menuItems) if (command?.startsWith('spell.')) assert.ok(known.has(command), `${menu}: ${command}`);
});

test('every view and setting is known to the code', () => {
  const contributed = Object.values(contributes.views).flat();
  assert.deepEqual(sorted(contributed.map(({ id }) => id)), sorted(Object.values(views)));
  const settings = contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  assert.deepEqual(sorted(settings), sorted(settingNames.map((name) => `spell.${name}`)));
  for (const { properties } of contributes.configuration) {
    for (const [name, { scope, default: value }] of Object.entries(properties)) {
      assert.ok(scope, `${name} has no scope`);
      assert.notEqual(value, undefined, `${name} has no default`);
    }
  }
  for (const name of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations) assert.ok(settings.includes(name), name);
});

test('when clauses ask for context keys that somebody sets', () => {
  for (const clause of whenClauses) {
    for (const [key] of clause.matchAll(/(?<![\w.'/])spell\.[\w.]+/g)) {
      if (Object.values<string>(views).includes(key)) continue;
      assert.ok((contextKeys as string[]).includes(key), `${key} in ${JSON.stringify(clause)}`);
    }
  }
});

test('links in welcome texts and walkthroughs run commands that there are', () => {
  const all = Object.values(texts).join('\n');
  for (const [, command = ''] of all.matchAll(/command:([\w.]+)/g)) {
    const ofView = Object.values<string>(views).includes(command.replace(/\.focus$/, ''));
    if (command.startsWith('spell.') && !ofView) assert.ok(Object.hasOwn(commandTable, command), command);
  }
});

test('every text that package.json names is there, and none stands unused', () => {
  const used = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
  assert.deepEqual(sorted(new Set(used)), sorted(Object.keys(texts)));
});
