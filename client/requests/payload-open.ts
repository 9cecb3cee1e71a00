import type { Contribution } from '../context.ts';
import { setContextKey } from '../contributions.ts';
import { isPayloadName, predictorsOf } from './payload-files.ts';

/** Lets menus and the key that sends know whether the payload of a predictor or of a model server is open. */
export const payloadOpen: Contribution = {
  register({ code, extension }) {
    let last: boolean | undefined;
    const look = async (): Promise<void> => {
      const uri = code.window.activeTextEditor?.document.uri;
      const isPayload =
        uri?.scheme === 'file' &&
        isPayloadName(uri.fsPath) &&
        // Those of model servers that were served elsewhere are kept among our own files.
        (uri.path.startsWith(extension.globalStorageUri.path) || (await predictorsOf(uri.fsPath)).length > 0);
      // Another editor may be active by now: its own look tells of it.
      if (uri?.toString() !== code.window.activeTextEditor?.document.uri.toString()) return;
      if (isPayload !== last) setContextKey(code, 'spell.payload.open', isPayload);
      last = isPayload;
    };
    const switched = code.window.onDidChangeActiveTextEditor(() => void look());
    void look();
    return switched;
  },
};
