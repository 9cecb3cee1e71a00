import type * as vscode from 'vscode';
import { Cancelled } from '../commands/cancelled.ts';

/** The answer of somebody who wants the step before. */
export const back: unique symbol = Symbol('back');
export type Back = typeof back;

/** Where a question stands: shown as `n/m`. The first has no way back. */
export interface Place {
  title: string;
  step: number;
  of: number;
}

/** A question. It changes nothing but its wizard's draft, so that leaving at any of them leaves nothing behind. */
export type Step = (place: Place) => Promise<Back | undefined>;

/** Asks one question after the other, back and forth, until the last is answered. Throws `Cancelled` when one is closed. */
export async function runSteps(title: string, steps: readonly Step[]): Promise<void> {
  for (let at = 0; at < steps.length; ) {
    const answer = await steps[at]?.({ title, step: at + 1, of: steps.length });
    at = answer === back ? Math.max(0, at - 1) : at + 1;
  }
}

export interface TextQuestion {
  prompt: string;
  value: string;
  /** What is wrong with a text, while it is typed; undefined when it is right. */
  problem(text: string): Promise<string | undefined> | string | undefined;
}

/** A text. It can only be accepted when nothing is wrong with it. */
export function askText({ QuickInputButtons, window }: typeof vscode, place: Place, question: TextQuestion): Promise<string | Back> {
  const input = window.createInputBox();
  Object.assign(input, { title: place.title, step: place.step, totalSteps: place.of, prompt: question.prompt, value: question.value });
  input.ignoreFocusOut = true;
  if (place.step > 1) input.buttons = [QuickInputButtons.Back];
  const look = async (text: string): Promise<string | undefined> => {
    const problem = await question.problem(text);
    // An answer about what stood there a moment ago says nothing.
    if (text === input.value) input.validationMessage = problem ?? '';
    return problem;
  };
  return until(input, (resolve) => [
    input.onDidChangeValue((text) => void look(text)),
    input.onDidAccept(async () => {
      const text = input.value;
      if ((await look(text)) === undefined && text === input.value) resolve(text);
    }),
    input.onDidTriggerButton(() => resolve(back)),
  ]);
}

export interface ListQuestion<T extends vscode.QuickPickItem> {
  placeholder: string;
  items: readonly T[];
  /** Several can be chosen; those that `chosen` holds are at first. */
  many?: boolean;
  chosen?: readonly T[];
  /** One more button, whose press is answered by its tooltip. */
  button?: vscode.QuickInputButton;
}

/** Some of a list; the button where that was pressed. */
export function askList<T extends vscode.QuickPickItem>(
  { QuickInputButtons, window }: typeof vscode,
  place: Place,
  { placeholder, items, many = false, chosen = [], button }: ListQuestion<T>,
): Promise<readonly T[] | vscode.QuickInputButton | Back> {
  const list = window.createQuickPick<T>();
  Object.assign(list, { title: place.title, step: place.step, totalSteps: place.of, placeholder, items, canSelectMany: many });
  list.ignoreFocusOut = true;
  list.matchOnDescription = true;
  if (many) list.selectedItems = chosen;
  list.buttons = [...(place.step > 1 ? [QuickInputButtons.Back] : []), ...(button ? [button] : [])];
  return until(list, (resolve) => [
    list.onDidAccept(() => {
      if (many || list.selectedItems.length > 0) resolve([...list.selectedItems]);
    }),
    list.onDidTriggerButton((pressed) => resolve(pressed === QuickInputButtons.Back ? back : pressed)),
  ]);
}

/** Shows an input until it is answered. Throws `Cancelled` when it is closed before. */
async function until<R>(input: vscode.QuickInput, listen: (resolve: (answer: R) => void) => vscode.Disposable[]): Promise<R> {
  const { promise, resolve, reject } = Promise.withResolvers<R>();
  const subscriptions = [...listen(resolve), input.onDidHide(() => reject(new Cancelled()))];
  input.show();
  try {
    return await promise;
  } finally {
    for (const each of subscriptions) each.dispose();
    input.dispose();
  }
}
