import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../root.ts';
import { developmentPython } from './development-python.ts';
import type { Tally } from './tally.ts';

/** Runs the Python side's tests with pytest and reads the counts from its JUnit report. */
export async function runPythonTests(): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'spell-pytest-'));
  try {
    const report = join(folder, 'report.xml');
    const python = developmentPython();
    const done = spawnSync(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${report}`], {
      cwd: join(root, 'runtime', 'python'),
      stdio: 'inherit',
    });
    const suite = /<testsuite [^>]*>/.exec(await readFile(report, 'utf8').catch(() => ''))?.[0] ?? '';
    const number = (name: string): number => Number(new RegExp(` ${name}="([0-9]+)"`).exec(suite)?.[1] ?? 0);
    const failed = number('failures') + number('errors');
    const skipped = number('skipped');
    const passed = number('tests') - failed - skipped;
    return { passed, skipped, failed: done.status !== 0 && failed === 0 ? 1 : failed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
