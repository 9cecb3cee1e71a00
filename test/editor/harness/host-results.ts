import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** How one test in an extension host ended. */
export interface HostResult {
  /** The titles of its suites and its own. */
  title: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** Of a failed one: the error with its stack. */
  error?: string;
}

/** The variable that names the file, one JSON object a line, into which the extension host writes its results. */
export const resultsVariable = 'SPELL_TEST_RESULTS';

/** Called in the extension host, which may be killed at any moment: each result is there when this returns. */
export function writeResult(file: string, result: HostResult): void {
  appendFileSync(file, `${JSON.stringify(result)}\n`);
}

export async function readResults(file: string): Promise<HostResult[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HostResult);
}
