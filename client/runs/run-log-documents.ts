import type * as vscode from 'vscode';
import type { RunLogLine } from '../../runtime/api/objects.ts';
import type { Contribution } from '../context.ts';
import { plainText } from '../logs/view/plain-text.ts';

const runLogScheme = 'spell-run-log';

/** `spell-run-log:/runs-3.spell-log`: what the command of a run printed. The ending chooses the language. */
export function runLogUri({ Uri }: Pick<typeof vscode, 'Uri'>, number: string): vscode.Uri {
  return Uri.from({ scheme: runLogScheme, path: `/runs-${number}.spell-log` });
}

/** Read-only documents of the logs of runs, which never change. */
export const runLogDocuments: Contribution = {
  register({ code, controlPlane }) {
    return code.workspace.registerTextDocumentContentProvider(runLogScheme, {
      provideTextDocumentContent: async ({ path }) => {
        const number = path.replace(/^\/runs-|\.spell-log$/g, '');
        const client = await controlPlane.current();
        return runLogText(await Array.fromAsync(client.runLog({ number })));
      },
    });
  },
};

/** Lines as the language `spell-log` reads them, `TIME STREAM  TEXT`. */
export function runLogText(lines: readonly RunLogLine[]): string {
  return lines.map(({ time, stream, text }) => `${time} ${stream}  ${plainText(text)}\n`).join('');
}
