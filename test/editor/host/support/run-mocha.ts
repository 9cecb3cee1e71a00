import Mocha from 'mocha';
import { resultsVariable, writeResult } from '../../harness/host-results.ts';

/** A test in a real editor that takes longer waits for something that will not come. */
const timeoutMs = 30_000;

/** Runs the tests that `load` declares, and writes each result where the launcher looks for it. Rejects when one failed. */
export async function runMocha(load: () => void): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: timeoutMs, reporter: Results });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}

/** A reporter of mocha's: one line of the results' file a test. */
class Results extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner) {
    super(runner);
    const file = process.env[resultsVariable];
    if (!file) throw new Error(`${resultsVariable} names no file`);
    runner.on('pass', (test) => writeResult(file, { title: test.fullTitle(), outcome: 'passed' }));
    runner.on('pending', (test) => writeResult(file, { title: test.fullTitle(), outcome: 'skipped' }));
    runner.on('fail', (test, error: Error) =>
      writeResult(file, { title: test.fullTitle(), outcome: 'failed', error: error.stack ?? String(error) }),
    );
  }
}
