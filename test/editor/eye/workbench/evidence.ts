import { afterEach } from 'node:test';
import type { Workbench } from './workbench.ts';

/** What Node's runner hands to this hook: more than its types say. */
interface Finished {
  passed: boolean;
  fullName: string;
  diagnostic(message: string): void;
}

/** Keeps a screenshot and the logs of the window after each test of this suite that failed. */
export function keepEvidenceOfFailures(workbench: () => Workbench | undefined): void {
  afterEach(async (context) => {
    const test = context as unknown as Finished;
    if (test.passed) return;
    const folder = await workbench()?.window.keepEvidence(test.fullName);
    if (folder) test.diagnostic(`see ${folder}`);
  });
}
