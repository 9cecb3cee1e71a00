import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build as esbuild, type Plugin } from 'esbuild';
import { writeL10nBundle } from './l10n.ts';
import { root } from './root.ts';
import { preparePython } from './vendor.ts';

const dist = join(root, 'dist');

/** CommonJS packages inside an ES module bundle still call `require` for Node's own modules. */
const requireBanner = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.16',
  sourcemap: 'linked',
  sourcesContent: false,
  minify: true,
  keepNames: true,
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
  // Its CommonJS build, which Node would get, cannot be split into chunks that are loaded when first needed.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
};

/** What the extension host loads only once it is needed, by the name of its bundle: CommonJS is not split into chunks. */
const loadedLater: Record<string, string> = { 'language-client': 'vscode-languageclient/node', yaml: 'yaml' };

/** Leaves an `import()` of such a package as one of its bundle, which lies beside the extension's. */
const loadLater: Plugin = {
  name: 'load-later',
  setup({ onResolve }) {
    for (const [bundle, name] of Object.entries(loadedLater)) {
      onResolve({ filter: new RegExp(`^${name}$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${bundle}.cjs`, external: true } : undefined,
      );
    }
  },
};

/** How the extension host loads: by a `require` that knows `vscode`, also where the source has an `import()`. */
const extensionHost: BuildOptions = {
  format: 'cjs',
  supported: { 'dynamic-import': false },
  external: ['vscode'],
  outExtension: { '.js': '.cjs' },
};

/** One entry a program. The extension host loads CommonJS; everything else is an ES module. */
const programs: Record<string, BuildOptions> = {
  spelld: { entryPoints: { spelld: 'runtime/spelld.ts' }, splitting: true, banner: { js: requireBanner } },
  gateway: { entryPoints: { gateway: 'runtime/gateway.ts' }, splitting: true, banner: { js: requireBanner } },
  spell: { entryPoints: { spell: 'runtime/cli/main.ts' }, splitting: true },
  'language-server': { entryPoints: { 'language-server': 'server/main.ts' }, banner: { js: requireBanner } },
  extension: {
    ...extensionHost,
    entryPoints: { extension: 'client/extension.ts' },
    plugins: [loadLater],
  },
  'extension-later': { ...extensionHost, entryPoints: loadedLater },
  // The pages of webviews, in Chromium of the oldest editor that we run in.
  webviews: {
    entryPoints: [
      { in: 'client/webviews/logs/main.ts', out: 'webviews/logs' },
      { in: 'client/webviews/logs/page.css', out: 'webviews/logs' },
    ],
    platform: 'browser',
    format: 'iife',
    target: 'chrome142',
  },
};

/**
 * Bundles every program into `dist/`, with what each is made of in `dist/meta/` (the tests of bundle contents read
 * it), and puts the Python side beside them.
 */
export async function build(): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  await mkdir(join(dist, 'meta'), { recursive: true });
  await mkdir(join(dist, 'chunks'), { recursive: true });
  const results = await Promise.allSettled([
    preparePython(),
    writeL10nBundle(join(dist, 'l10n')),
    ...Object.entries(programs).map(async ([name, options]) => {
      const { metafile } = await esbuild({
        ...shared,
        outdir: dist,
        chunkNames: `chunks/${name}-[hash]`,
        define: { 'process.env.SPELL_VERSION': JSON.stringify(version) },
        ...options,
      });
      await writeFile(join(dist, 'meta', `${name}.json`), JSON.stringify(metafile));
    }),
  ]);
  await removeOldChunks();
  // Every program is tried before the first error is told: one broken room does not hide the others' bundles.
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** A program that still runs from an earlier build loads its chunks when it first needs them: they stay for a day. */
const chunkLifeMs = 24 * 60 * 60 * 1000;

async function removeOldChunks(): Promise<void> {
  const folder = join(dist, 'chunks');
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (Date.now() - (await stat(path)).mtimeMs > chunkLifeMs) await rm(path);
  }
}

if (import.meta.main) await build();
