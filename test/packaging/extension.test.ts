import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { listFiles, PackageManager } from '@vscode/vsce';
import type { Metafile } from 'esbuild';
import { writeNotices } from '../../scripts/notices.ts';
import { packExtension, stageExtension } from '../../scripts/packaging/pack-extension.ts';
import { root } from '../../scripts/root.ts';

/** All that may ship, and each of these must: a file that none of them names was put in by mistake. */
const ships = [
  'package.json',
  'package.nls.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'bin/{spell,node-choice}.js',
  'bin/terminal/{spell,spell.cmd}',
  'dist/{extension,language-client,yaml}.cjs',
  'dist/{spell,spelld,gateway,language-server}.js',
  'dist/webviews/logs.{js,css}',
  'dist/chunks/{spell,spelld,gateway}-*.js',
  'dist/l10n/bundle.l10n.json',
  'dist/python/pip.whl',
  'dist/python/spell/**/{*.py,py.typed}',
  'dist/python/vendor/**/{*.py,*.pyi,py.typed}',
  'dist/python/vendor/*.dist-info/**',
  'dist/THIRD-PARTY-NOTICES.txt',
  'docs/rules/*.md',
  'media/spell.svg',
  'media/icon.png',
  'media/walkthrough/*.md',
  'schemas/spell.schema.json',
  'syntaxes/*.tmLanguage.json',
];

/** Packages that start processes for a living, and the one that is as large as all the rest. */
const notInTheExtensionHost = ['execa', 'cross-spawn', 'npm-run-path', 'human-signals', 'get-stream', '@kubernetes/client-node'];

const mostBytes = 4_000_000;
const mostIconBytes = 20_000;

suite('what ships in the VSIX', () => {
  let folder: string;
  let files: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spell-vsix-'));
    await writeNotices();
    await stageExtension(join(folder, 'stage'));
    files = await listFiles({ cwd: join(folder, 'stage'), packageManager: PackageManager.None });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('every file is one that is meant to ship, and every kind of them is there', () => {
    assert.deepEqual(
      files.filter((file) => !ships.some((pattern) => matchesGlob(file, pattern))),
      [],
    );
    assert.deepEqual(
      ships.filter((pattern) => !files.some((file) => matchesGlob(file, pattern))),
      [],
    );
  });

  test('of the chunks, those of this build and no others', async () => {
    const metas = await Promise.all(['spell', 'spelld', 'gateway'].map(metafile));
    const made = metas.flatMap(({ outputs }) => Object.keys(outputs)).filter((path) => /^dist\/chunks\/.*\.js$/.test(path));
    assert.deepEqual(files.filter((file) => file.startsWith('dist/chunks/')).sort(), made.sort());
  });

  test('every Python package that ships brings its licence', async () => {
    const vendor = join(root, 'dist', 'python', 'vendor');
    for (const info of (await readdir(vendor)).filter((name) => name.endsWith('.dist-info')))
      assert.ok(
        files.some((file) => file.startsWith(`dist/python/vendor/${info}/`) && /licen[cs]e|copying/i.test(file)),
        info,
      );
  });

  test('its manifest asks for nothing to be installed, and names only files that ship', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'stage', 'package.json'), 'utf8')) as Record<string, unknown>;
    for (const field of ['dependencies', 'devDependencies', 'scripts', 'workspaces', 'private']) assert.ok(!(field in manifest), field);
    const named = [...JSON.stringify(manifest).matchAll(/"\.?\/?((?:dist|media|syntaxes|schemas|docs)\/[^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    assert.ok(named.includes('dist/extension.cjs'));
    assert.deepEqual(
      named.filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`))),
      [],
    );
  });

  test('the icon is a PNG that the marketplace takes', async () => {
    const { icon } = JSON.parse(await readFile(join(folder, 'stage', 'package.json'), 'utf8')) as { icon: string };
    const png = await readFile(join(folder, 'stage', icon));
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    assert.ok(width === height && width >= 128, `${width} × ${height}`);
    assert.ok(png.length <= mostIconBytes, `${png.length} bytes`);
  });

  test('it is small', async () => {
    const vsix = await packExtension(folder);
    const { size } = await stat(vsix);
    assert.ok(size <= mostBytes, `${size} bytes`);
  });
});

test("the extension host's bundle has neither the Kubernetes client nor a library for processes", async () => {
  const packages = (await Promise.all(['extension', 'extension-later'].map(packagesOf))).flatMap((names) => [...names]);
  assert.deepEqual(
    notInTheExtensionHost.filter((name) => packages.includes(name)),
    [],
  );
  assert.ok(packages.includes('vscode-languageclient'), 'the metafile tells of packages');
});

test('what the extension host loads later is in none of what it loads at first', async () => {
  const [first, later] = await Promise.all([packagesOf('extension'), packagesOf('extension-later')]);
  for (const name of ['vscode-languageclient', 'vscode-languageserver-protocol', 'yaml']) {
    assert.ok(later.has(name), name);
    assert.ok(!first.has(name), name);
  }
});

/** The packages that some of a program's bundles contain. */
async function packagesOf(program: string): Promise<Set<string>> {
  const { inputs } = await metafile(program);
  return new Set(Object.keys(inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
}

async function metafile(program: string): Promise<Metafile> {
  return JSON.parse(await readFile(join(root, 'dist', 'meta', `${program}.json`), 'utf8')) as Metafile;
}
