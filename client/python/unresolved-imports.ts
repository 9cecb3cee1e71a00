import type * as vscode from 'vscode';
import type { Context, Contribution } from '../context.ts';
import { importFolder, isShipped, renewPackages } from './import-path.ts';

/** Analysers of Python, by the source that their diagnostics name, with the section of their settings. */
const analysers: Readonly<Record<string, string>> = {
  Pylance: 'python.analysis',
  Pyright: 'python.analysis',
  basedpyright: 'basedpyright.analysis',
};

/** What they call an import that leads nowhere; the second: only its stubs were found. */
const unresolved = new Set(['reportMissingImports', 'reportMissingModuleSource']);

/**
 * Workers bring `spell.serving` and Starlette, so a predictor runs though its environment has neither; an analyser that looks only there
 * does not find them. A quick fix on that complaint shows it where they are; once, since then there is no complaint.
 */
export const unresolvedImports: Contribution = {
  register(context) {
    const { CodeActionKind, languages, workspace } = context.code;
    const selector = { language: 'python', scheme: 'file' };
    const renew = ({ languageId, uri }: vscode.TextDocument): void => {
      if (languageId !== 'python') return;
      renewed.dispose();
      const searched = Object.values(analysers).flatMap((section) => extraPaths(context, section, uri));
      void renewPackages(context, searched).catch((error: Error) => context.log.warn(`the link to spell.serving is old: ${error.message}`));
    };
    const renewed = workspace.onDidOpenTextDocument(renew);
    // The one that the window came up with, which has started the extension. It reads files: not before `activate` has returned.
    const later = setImmediate(() => {
      const first = workspace.textDocuments.find(({ languageId }) => languageId === 'python');
      if (first) renew(first);
    });
    const actions = languages.registerCodeActionsProvider(
      selector,
      {
        provideCodeActions: (document, _, { diagnostics }) =>
          diagnostics.flatMap((diagnostic) => actionFor(context, document, diagnostic) ?? []),
      },
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    );
    return {
      dispose: () => {
        clearImmediate(later);
        renewed.dispose();
        actions.dispose();
      },
    };
  },
};

function actionFor(context: Context, document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction | undefined {
  const { CodeAction, CodeActionKind, l10n } = context.code;
  const code = typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code;
  const section = analysers[diagnostic.source ?? ''];
  if (section === undefined || !unresolved.has(String(code))) return undefined;
  const module = document.getText(diagnostic.range);
  if (!isShipped(module)) return undefined;
  if (extraPaths(context, section, document.uri).includes(importFolder(context, module))) return undefined;
  const title = l10n.t('Show {0} where {1} is ({2}.extraPaths)', diagnostic.source ?? '', module, section);
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.command = { title, command: 'spell.python.addImportPath', arguments: [{ module, section, uri: document.uri.toString() }] };
  return action;
}

function extraPaths({ code: { workspace } }: Context, section: string, uri: vscode.Uri): string[] {
  return workspace.getConfiguration(section, uri).get<string[]>('extraPaths') ?? [];
}
