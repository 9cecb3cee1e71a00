import type { Contribution } from '../context.ts';
import { setContextKey } from '../contributions.ts';
import { isPayload } from './payload-files.ts';

/** Lets menus know whether the payload of a predictor or of a model server is open. It takes a moment; the key that sends asks for itself. */
export const payloadOpen: Contribution = {
  register(context) {
    const { code } = context;
    let last: boolean | undefined;
    const look = async (): Promise<void> => {
      const uri = code.window.activeTextEditor?.document.uri;
      const isOpen = uri !== undefined && (await isPayload(context, uri));
      // Another editor may be active by now: its own look tells of it.
      if (uri?.toString() !== code.window.activeTextEditor?.document.uri.toString()) return;
      if (isOpen !== last) setContextKey(code, 'spell.payload.open', isOpen);
      last = isOpen;
    };
    const switched = code.window.onDidChangeActiveTextEditor(() => void look());
    void look();
    return switched;
  },
};
