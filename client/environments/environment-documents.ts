import type * as vscode from 'vscode';
import { shortId } from '../../runtime/api/environment-parts.ts';
import { asSpellError } from '../../runtime/api/errors.ts';
import type { Context, Contribution } from '../context.ts';
import { environmentText } from './environment-text.ts';

const environmentScheme = 'spell-environment';

/** `spell-environment:/0123456789ab.log?ID`. The ending chooses the language. */
export function environmentUri({ Uri }: Pick<typeof vscode, 'Uri'>, id: string): vscode.Uri {
  return Uri.from({ scheme: environmentScheme, path: `/${shortId(id)}.log`, query: id });
}

/** Read-only documents about environments, which are written anew while they are open, as one is made. */
export const environmentDocuments: Contribution = {
  register(context) {
    const { code, controlPlane, inventory } = context;
    const changed = new code.EventEmitter<vscode.Uri>();
    const all = (): void => {
      for (const { uri } of code.workspace.textDocuments) if (uri.scheme === environmentScheme) changed.fire(uri);
    };
    const registered = [
      changed,
      code.workspace.registerTextDocumentContentProvider(environmentScheme, {
        onDidChange: changed.event,
        provideTextDocumentContent: ({ query }) => write(context, query),
      }),
      inventory.environments.onDidChange(all),
      controlPlane.onDidChange(all),
    ];
    return { dispose: () => registered.forEach((each) => void each.dispose()) };
  },
};

/** The text, or why there is none: a document that was opened stays readable. */
async function write({ code, controlPlane }: Context, id: string): Promise<string> {
  try {
    const client = await controlPlane.current();
    const [{ lines }, environments] = await Promise.all([client.environmentLog({ id }), client.listEnvironments()]);
    const environment = environments.find((each) => each.id === id);
    return environment ? environmentText(code.l10n, environment, lines) : '';
  } catch (error) {
    const { message, hint } = asSpellError(error);
    return [message, ...(hint === undefined ? [] : [hint])].join('\n').concat('\n');
  }
}
