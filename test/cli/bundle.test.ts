import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** esbuild's description of a bundle: outputs with what they import and what they are made of. */
interface Meta {
  outputs: Record<string, { entryPoint?: string; imports: { path: string; kind: string }[]; inputs: Record<string, unknown> }>;
}

let meta: Meta;
before(async () => {
  meta = JSON.parse(await readFile(fileURLToPath(new URL('../../dist/meta/spell.json', import.meta.url)), 'utf8')) as Meta;
});

/** The sources that are loaded when some module is imported: its chunk, and all that it imports statically. */
function loadedWith(source: string): string[] {
  const start = Object.entries(meta.outputs).find(([, { entryPoint }]) => entryPoint === source)?.[0];
  assert.ok(start, `${source} has no chunk of its own`);
  const seen = new Set<string>();
  const queue = [start];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const statically = meta.outputs[path]?.imports.filter(({ kind }) => kind === 'import-statement') ?? [];
    queue.push(...statically.map((each) => each.path).filter((each) => meta.outputs[each] !== undefined));
  }
  return [...seen].flatMap((path) => Object.keys(meta.outputs[path]?.inputs ?? {}));
}

test('what every start loads has no package in it: no schemas, no YAML', () => {
  assert.deepEqual(
    loadedWith('runtime/cli/main.ts').filter((source) => source.includes('node_modules')),
    [],
  );
});

test('listing model servers loads none either, nor what starts processes or reads projects', () => {
  const loaded = loadedWith('runtime/cli/commands/server/list.ts');
  assert.deepEqual(
    loaded.filter((source) => /node_modules|api\/(project|settings|objects|routes|connect\/start)/.test(source)),
    [],
  );
});

test('the YAML parser is loaded only where there is YAML', () => {
  assert.ok(!loadedWith('runtime/cli/commands/server/serve.ts').some((source) => source.includes('node_modules/yaml/')));
});
