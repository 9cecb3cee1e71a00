import type { Context } from '../context.ts';
import { answered } from './cancelled.ts';

/** What is asked before something is removed for good. */
export interface Removal {
  /** Names what goes. */
  question: string;
  /** What is lost by it, and what stays. */
  lost: string;
  /** What the button says, where it does more than remove. */
  button?: string;
}

/** Asks a person in a modal whether something shall really be removed. Throws `Cancelled` where it shall not. */
export async function confirmRemoval({ code: { l10n, window } }: Context, { question, lost, button }: Removal): Promise<void> {
  await answered(window.showWarningMessage(question, { modal: true, detail: lost }, button ?? l10n.t('Remove')));
}
