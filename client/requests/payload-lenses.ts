import { basename } from 'node:path';
import type * as vscode from 'vscode';
import type { Context, Contribution } from '../context.ts';
import { modelServersOf } from '../pick/model-servers-of.ts';
import { lensAtTop } from './lens-at-top.ts';
import { predictorsOf } from './payload-files.ts';

/** Above a payload: send it to what serves its predictor, or serve that first. */
export const payloadLenses: Contribution = {
  register(context) {
    const { code, controlPlane, inventory } = context;
    const changed = new code.EventEmitter<void>();
    const registered = [
      changed,
      inventory.modelServers.onDidChange(() => changed.fire()),
      controlPlane.onDidChange(() => changed.fire()),
      code.languages.registerCodeLensProvider(
        { scheme: 'file', pattern: '**/{payload.json,*.payload.json}' },
        { onDidChangeCodeLenses: changed.event, provideCodeLenses: ({ uri }) => lenses(context, uri) },
      ),
    ];
    return { dispose: () => registered.forEach((each) => void each.dispose()) };
  },
};

async function lenses(context: Context, uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  const { code, controlPlane } = context;
  const { l10n } = code;
  // Looking at a file starts nothing.
  const servers = controlPlane.state.kind === 'ready' ? await modelServersOf(context, uri).catch(() => []) : [];
  const [only, ...more] = servers;
  if (!only) {
    const predictors = await predictorsOf(uri.fsPath);
    return predictors.map((file) =>
      lensAtTop(code, 'spell.modelServer.serveFile', l10n.t('$(play) Serve {0}', basename(file)), code.Uri.file(file)),
    );
  }
  const title = more.length === 0 ? l10n.t('$(play) Send to {0}', only.name) : l10n.t('$(play) Send…');
  return [
    lensAtTop(code, 'spell.modelServer.sendRequest', title, uri),
    lensAtTop(code, 'spell.modelServer.copyCurl', l10n.t('Copy curl'), uri),
    lensAtTop(code, 'spell.modelServer.replayRequest', l10n.t('Earlier Requests…'), uri),
  ];
}
