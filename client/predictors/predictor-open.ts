import type * as vscode from 'vscode';
import type { Contribution } from '../context.ts';
import { setContextKey } from '../contributions.ts';

/** Lets menus know whether the file that is open extends the class that predictors extend. */
export const predictorOpen: Contribution = {
  register({ code }) {
    const { window, workspace } = code;
    let last: boolean | undefined;
    const look = (): void => {
      const isPredictor = mentionsPredictor(window.activeTextEditor?.document);
      if (isPredictor !== last) setContextKey(code, 'spell.predictor.open', isPredictor);
      last = isPredictor;
    };
    const saved = workspace.onDidSaveTextDocument(look);
    const switched = window.onDidChangeActiveTextEditor(look);
    look();
    return { dispose: () => [saved, switched].forEach((each) => void each.dispose()) };
  },
};

function mentionsPredictor(document: vscode.TextDocument | undefined): boolean {
  return document?.languageId === 'python' && document.getText().includes('BasePredictor');
}
