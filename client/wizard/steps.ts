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
  Object.assign(input, { ...titled(place), prompt: question.prompt, value: question.value });
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
}

/** One of a list, as a list of its own. */
export function askList<T extends vscode.QuickPickItem>(
  code: typeof vscode,
  place: Place,
  question: ListQuestion<T>,
): Promise<readonly T[] | Back> {
  const list = makeList(code, place, question);
  return until(list, (resolve) => [
    list.onDidAccept(() => {
      if (list.selectedItems.length > 0) resolve([...list.selectedItems]);
    }),
    list.onDidTriggerButton(() => resolve(back)),
  ]);
}

/** A list of which several can be chosen. */
export interface SomeQuestion<T extends vscode.QuickPickItem> extends ListQuestion<T> {
  /** Those that are chosen at first. */
  chosen: readonly T[];
  /** A row below the others that is the answer by itself, as soon as it is chosen. */
  instead: T;
}

/** Some of a list, or none of it. */
export function askSome<T extends vscode.QuickPickItem>(
  code: typeof vscode,
  place: Place,
  { placeholder, items, chosen, instead }: SomeQuestion<T>,
): Promise<readonly T[] | Back> {
  const list = makeList(code, place, { placeholder, items: [...items, instead] });
  list.canSelectMany = true;
  list.selectedItems = chosen;
  let before = chosen.length;
  return until(list, (resolve) => [
    list.onDidChangeSelection((selected) => {
      const isOne = selected.length === before + 1;
      before = selected.length;
      if (!selected.includes(instead)) return;
      if (isOne) resolve([instead]);
      // All were chosen at once, which does not mean this one.
      else list.selectedItems = items;
    }),
    list.onDidAccept(() => resolve(list.selectedItems.filter((each) => each !== instead))),
    list.onDidTriggerButton(() => resolve(back)),
  ]);
}

function makeList<T extends vscode.QuickPickItem>(
  { QuickInputButtons, window }: typeof vscode,
  place: Place,
  { placeholder, items }: ListQuestion<T>,
): vscode.QuickPick<T> {
  const list = window.createQuickPick<T>();
  Object.assign(list, { ...titled(place), placeholder, items, ignoreFocusOut: true, matchOnDescription: true });
  if (place.step > 1) list.buttons = [QuickInputButtons.Back];
  return list;
}

/** The title, with `n/m` where there is more than one step. */
function titled({ title, step, of }: Place): Partial<Pick<vscode.QuickInput, 'title' | 'step' | 'totalSteps'>> {
  return of > 1 ? { title, step, totalSteps: of } : { title };
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
