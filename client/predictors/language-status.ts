import type * as vscode from 'vscode';
import type { Context, Contribution } from '../context.ts';
import { modelServersOf } from '../pick/model-servers-of.ts';
import { isPredictor } from './entrypoint.ts';
import { servingStatus } from './serving-status.ts';

/** In the language status of a predictor's file: which model server runs it and how that is, with one click to it. */
export const languageStatus: Contribution = {
  register(context) {
    const { code, controlPlane, inventory } = context;
    const item = code.languages.createLanguageStatusItem('spell.serving', nowhere);
    item.name = code.l10n.t('Spell: serving');
    const draw = (): void => void show(context, item).catch((error: unknown) => context.log.warn(String(error)));
    const listening = [
      item,
      code.window.onDidChangeActiveTextEditor(draw),
      code.workspace.onDidSaveTextDocument(draw),
      inventory.modelServers.onDidChange(draw),
      controlPlane.onDidChange(draw),
    ];
    draw();
    return { dispose: () => listening.forEach((each) => void each.dispose()) };
  },
};

/** A selector that fits no document: the item is not shown. */
const nowhere: vscode.DocumentSelector = [];

async function show(context: Context, item: vscode.LanguageStatusItem): Promise<void> {
  const { code, controlPlane } = context;
  const document = code.window.activeTextEditor?.document;
  if (document?.uri.scheme !== 'file' || !isPredictor(document)) {
    item.selector = nowhere;
    return;
  }
  // Looking at a file starts nothing.
  const servers = controlPlane.state.kind === 'ready' ? await modelServersOf(context, document.uri) : [];
  if (code.window.activeTextEditor?.document !== document) return;
  const { text, detail, severity, command } = servingStatus(code, document.uri, servers);
  const { LanguageStatusSeverity: levels } = code;
  const severities = { error: levels.Error, warning: levels.Warning, information: levels.Information };
  const name = document.uri.path.split('/').at(-1) ?? '';
  const pattern = new code.RelativePattern(code.Uri.joinPath(document.uri, '..'), name.replace(/[[\]{}*?]/g, '[$&]'));
  Object.assign(item, { text, detail, command, severity: severities[severity], selector: { language: 'python', scheme: 'file', pattern } });
  item.accessibilityInformation = { label: `${text}. ${detail}` };
}
