import { glob } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../../scripts/root.ts';
import { outputFolder } from './evidence.ts';

const host = join(root, 'test', 'editor', 'host');

/** The tests of one window, and of these only the files whose path contains one of the words of `SPELL_EDITOR_TESTS`, if it is set. */
export async function hostTestFiles(window: string): Promise<string[]> {
  const words = process.env.SPELL_EDITOR_TESTS?.split(' ').filter((word) => word !== '') ?? [];
  const files: string[] = [];
  for await (const file of glob(`${window}/*.test.ts`, { cwd: host })) files.push(file);
  return files.filter((file) => words.length === 0 || words.some((word) => `test/editor/host/${file}`.includes(word))).sort();
}

/**
 * Bundles tests for an extension host, and returns the path of the CommonJS module that it loads. Mocha stays outside,
 * because it loads parts of itself by name.
 */
export async function bundleHostTests(window: string, files: string[]): Promise<string> {
  const outfile = join(outputFolder, 'host', `${window}.cjs`);
  const loads = files.map((file) => `  require('./${window}/${basename(file)}');`).join('\n');
  await build({
    stdin: {
      contents: `import { runMocha } from './support/run-mocha.ts';\nexport const run = () => runMocha(() => {\n${loads}\n});\n`,
      resolveDir: host,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22.16',
    external: ['vscode', 'mocha'],
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  return outfile;
}
