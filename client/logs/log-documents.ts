import type * as vscode from 'vscode';
import type { Contribution } from '../context.ts';
import { logText } from './log-text.ts';
import type { LogsTarget } from './messages.ts';

export const logsScheme = 'spell-logs';

/** The newest lines that a document holds. */
const shownLines = 10_000;

/** `spell-logs:/local/digits[/POD].spell-log?WHEN`: what was printed until then. The ending chooses the language. */
export function logsUri({ Uri }: Pick<typeof vscode, 'Uri'>, { owner, name, pod }: LogsTarget, when: Date): vscode.Uri {
  const path = `/${[owner, name, ...(pod === undefined ? [] : [pod])].join('/')}.spell-log`;
  return Uri.from({ scheme: logsScheme, path, query: when.toISOString() });
}

/** What a document of {@link logsUri} is about. */
export function logsOf({ path }: vscode.Uri): LogsTarget {
  const [owner = '', name = '', pod] = path
    .slice(1)
    .replace(/\.spell-log$/, '')
    .split('/');
  return { owner, name, ...(pod === undefined ? {} : { pod }) };
}

/** Read-only documents of what the pods of a model server printed. They do not follow; each call opens a new one. */
export const logDocuments: Contribution = {
  register({ code, controlPlane }) {
    return code.workspace.registerTextDocumentContentProvider(logsScheme, {
      provideTextDocumentContent: async (uri) => {
        const { owner, name, pod } = logsOf(uri);
        const query = { tail: String(shownLines), follow: 'false' as const, ...(pod === undefined ? {} : { pod }) };
        const client = await controlPlane.current();
        return logText(await Array.fromAsync(client.logs({ owner, name, query })));
      },
    });
  },
};
