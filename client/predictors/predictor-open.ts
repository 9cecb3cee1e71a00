import type { Contribution } from '../context.ts';
import { setContextKey } from '../contributions.ts';
import { isPredictor } from './entrypoint.ts';

/** Lets menus know whether the file that is open extends the class that predictors extend. */
export const predictorOpen: Contribution = {
  register({ code }) {
    const { window, workspace } = code;
    let last: boolean | undefined;
    const look = (): void => {
      const document = window.activeTextEditor?.document;
      const isOpen = document !== undefined && isPredictor(document);
      if (isOpen !== last) setContextKey(code, 'spell.predictor.open', isOpen);
      last = isOpen;
    };
    const saved = workspace.onDidSaveTextDocument(look);
    const switched = window.onDidChangeActiveTextEditor(look);
    look();
    return { dispose: () => [saved, switched].forEach((each) => void each.dispose()) };
  },
};
