import type * as vscode from 'vscode';
import { SpellError } from '../../runtime/api/errors.ts';
import type { Context, Contribution } from '../context.ts';
import type { CommandId, CommandTarget, ModelServerTarget } from '../contributions.ts';
import { answerText } from './answer-text.ts';
import { lensAtTop } from './lens-at-top.ts';
import type { Sent } from './send.ts';

const answerScheme = 'spell-answer';

/** Read-only documents of what model servers answered last, one for each, with what can be done next above. */
export const answerDocuments: Contribution = {
  register(context) {
    const { code, answers } = context;
    const changed = new code.EventEmitter<vscode.Uri>();
    const lensesChanged = new code.EventEmitter<void>();
    const registered = [
      changed,
      lensesChanged,
      answers.onDidChange((target) => {
        changed.fire(answerUri(code, target));
        lensesChanged.fire();
      }),
      code.workspace.registerTextDocumentContentProvider(answerScheme, {
        onDidChange: changed.event,
        provideTextDocumentContent: (uri) => {
          const sent = answers.of(targetOf(uri));
          return sent ? answerText(code, sent).text : `// ${code.l10n.t('This answer was not kept. Send the request again.')}\n`;
        },
      }),
      code.workspace.onDidCloseTextDocument(({ uri }) => {
        // A change of its language closes it for a moment.
        const isOpen = code.workspace.textDocuments.some((each) => each.uri.toString() === uri.toString());
        if (uri.scheme === answerScheme && !isOpen) answers.forget(targetOf(uri));
      }),
      code.languages.registerCodeLensProvider(
        { scheme: answerScheme },
        { onDidChangeCodeLenses: lensesChanged.event, provideCodeLenses: ({ uri }) => lenses(context, targetOf(uri)) },
      ),
    ];
    return { dispose: () => registered.forEach((each) => void each.dispose()) };
  },
};

/** Keeps what came of a request and shows it beside, where an answer of that model server stands already. */
export async function showAnswer({ code, answers }: Context, sent: Sent): Promise<void> {
  const { languages, window, workspace, ViewColumn } = code;
  answers.keep(sent);
  const uri = answerUri(code, sent.target);
  const document = await workspace.openTextDocument(uri);
  const { languageId } = answerText(code, sent);
  if (document.languageId !== languageId) await languages.setTextDocumentLanguage(document, languageId);
  const shown = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  await window.showTextDocument(document, { viewColumn: shown?.viewColumn ?? ViewColumn.Beside, preserveFocus: true, preview: true });
}

/** `spell-answer:/local/digits answer`: the end of its path is the title of its tab. */
export function answerUri({ Uri }: Pick<typeof vscode, 'Uri'>, { owner, name }: ModelServerTarget): vscode.Uri {
  return Uri.from({ scheme: answerScheme, path: `/${owner}/${name} answer` });
}

function targetOf({ path }: vscode.Uri): ModelServerTarget {
  const [owner = '', title = ''] = path.slice(1).split('/');
  return { owner, name: title.replace(/ answer$/, '') };
}

function lenses({ code, answers }: Context, target: ModelServerTarget): vscode.CodeLens[] {
  const { l10n } = code;
  const sent = answers.of(target);
  const request = sent ? { ...target, at: sent.at.toISOString() } : target;
  const lens = <K extends CommandId>(command: K, title: string, to: CommandTarget<K>): vscode.CodeLens =>
    lensAtTop(code, command, title, to);
  const hasBody = sent !== undefined && !(sent.outcome instanceof SpellError) && sent.outcome.body.length > 0;
  return [
    sent
      ? lens('spell.modelServer.replayRequest', l10n.t('$(debug-restart) Send Again'), request)
      : lens('spell.modelServer.sendRequest', l10n.t('$(play) Send'), target),
    ...(hasBody ? [lens('spell.modelServer.saveAnswer', l10n.t('Save Body…'), target)] : []),
    lens('spell.modelServer.copyCurl', l10n.t('Copy curl'), request),
    lens('spell.modelServer.replayRequest', l10n.t('Earlier Requests…'), target),
    lens('spell.modelServer.showLogs', l10n.t('Logs'), target),
  ];
}
