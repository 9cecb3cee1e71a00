import type * as vscode from 'vscode';
import { asSpellError } from '../../runtime/api/errors.ts';
import type { SpellEvent } from '../../runtime/api/events.ts';
import type { Context, Contribution } from '../context.ts';
import type { ModelServerTarget } from '../contributions.ts';
import { modelServerKey } from '../inventory/inventory.ts';
import { detailsText } from './details-text.ts';

export const detailsScheme = 'spell-details';

/** How far back a document looks for events, and how many it shows. */
const lookBack = 1000;
const shownEvents = 30;
const shownRequests = 20;
const shownMinutes = 10;

/** The document of a model server: `spell-details:/local/digits.md`. The ending chooses the language. */
export function detailsUri({ Uri }: Pick<typeof vscode, 'Uri'>, { owner, name }: ModelServerTarget): vscode.Uri {
  return Uri.from({ scheme: detailsScheme, path: `/${owner}/${name}.md` });
}

/** Read-only documents about model servers, which are written anew when something happens to theirs, while they are open. */
export const detailsDocuments: Contribution = {
  register(context) {
    const { code, controlPlane, inventory } = context;
    const changed = new code.EventEmitter<vscode.Uri>();
    const isOpen = (uri: vscode.Uri): boolean => code.workspace.textDocuments.some((each) => each.uri.toString() === uri.toString());
    const refresh = (uri: vscode.Uri): void => {
      if (isOpen(uri)) changed.fire(uri);
    };
    const all = (): void => {
      for (const { uri } of code.workspace.textDocuments) if (uri.scheme === detailsScheme) refresh(uri);
    };
    const registered = [
      changed,
      code.workspace.registerTextDocumentContentProvider(detailsScheme, {
        onDidChange: changed.event,
        provideTextDocumentContent: (uri) => write(context, targetOf(uri)),
      }),
      inventory.modelServers.onDidChange((change) => {
        if ('all' in change) return all();
        const [owner = '', name = ''] = change.key.split('/');
        return refresh(detailsUri(code, { owner, name }));
      }),
      controlPlane.onDidChange(all),
    ];
    return { dispose: () => registered.forEach((each) => void each.dispose()) };
  },
};

function targetOf({ path }: vscode.Uri): ModelServerTarget {
  const [owner = '', file = ''] = path.slice(1).split('/');
  return { owner, name: file.replace(/\.md$/, '') };
}

/** The text, or why there is none: a document that was opened stays readable. */
async function write({ controlPlane }: Context, target: ModelServerTarget): Promise<string> {
  try {
    const client = await controlPlane.current();
    const { lastEvent = 0 } = await client.status();
    const [server, revisions, requests, metrics, events] = await Promise.all([
      client.describeModelServer(target),
      client.listRevisions(target),
      client.listRequests({ ...target, query: { last: String(shownRequests) } }),
      client.metricsHistory({ ...target, query: { range: String(60 * shownMinutes), step: '60' } }),
      Array.fromAsync(client.events({ query: { since: String(Math.max(0, lastEvent - lookBack)), follow: 'false' } })),
    ]);
    return detailsText({ server, revisions, requests, metrics: metrics.toReversed(), events: eventsOf(events, target) });
  } catch (error) {
    const { message, hint } = asSpellError(error);
    return [`# ${modelServerKey(target)}`, `> ${message}`, ...(hint === undefined ? [] : [`> ${hint}`])].join('\n\n').concat('\n');
  }
}

function eventsOf(events: readonly SpellEvent[], target: ModelServerTarget): SpellEvent[] {
  return events.filter(({ object }) => object === modelServerKey(target)).slice(-shownEvents);
}
