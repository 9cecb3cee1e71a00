import { type Colour, contrast, over, read } from './colours.ts';

/** The least contrast of what is read and of what is only looked at (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11). */
export interface LeastContrast {
  text: number;
  icons: number;
}

/** Half of what the shown digit can tell. */
const rounding = 0.05;

/** The second line of a row in a picker (4.4 in the light theme) and the sign of a dialog (2.9): the editor's, for every extension. */
const editorsOwn = '.quick-input-list-label-meta, .dialog-icon';

/** What cannot be used now needs no contrast (WCAG 2.2, 1.4.3). */
const exempt = `${editorsOwn}, :disabled, .action-label.disabled`;

/**
 * What of a part of the page is hard to see: each text or icon with its contrast, as `"stopped" 3.1 < 4.5`. Colours are those
 * that are computed, laid over each other with every transparency between.
 */
export function hardToSee(part: Element, least: LeastContrast): string[] {
  const seen = [...texts(part), ...icons(part), ...fields(part)];
  const found = seen.flatMap(({ element, colour, words, kind }) => {
    const ratio = contrastOf(element, colour);
    return ratio < least[kind] - rounding ? [`${JSON.stringify(words)} ${ratio.toFixed(1)} < ${least[kind]}`] : [];
  });
  return [...new Set(found)];
}

/** Something drawn in a colour. */
interface Drawn {
  element: Element;
  colour: string;
  words: string;
  kind: keyof LeastContrast;
}

function texts(part: Element): Drawn[] {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const found: Drawn[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.textContent?.trim() ?? '';
    const element = node.parentElement;
    if (words !== '' && element && isSeen(element) && !element.closest(exempt))
      found.push({ element, colour: getComputedStyle(element).color, words, kind: 'text' });
  }
  return found;
}

function icons(part: Element): Drawn[] {
  return [...part.querySelectorAll('.codicon')].flatMap((element): Drawn[] => {
    const { content, color } = getComputedStyle(element, '::before');
    if (content === 'none' || content === '""' || !isSeen(element) || element.closest(exempt)) return [];
    return [{ element, colour: color, words: `icon ${element.className}`, kind: 'icons' }];
  });
}

/** What stands in a box, or the hint in an empty one. */
function fields(part: Element): Drawn[] {
  return [...part.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input[type=text], select')].filter(isSeen).map((element) => {
    const isEmpty = element.value === '' && 'placeholder' in element;
    const { color } = getComputedStyle(element, isEmpty ? '::placeholder' : undefined);
    return { element, colour: color, words: isEmpty ? element.placeholder : element.value, kind: 'text' };
  });
}

function isSeen(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
}

function contrastOf(element: Element, colour: string): number {
  const above = ancestors(element);
  const background = backgroundOf(element);
  const opacity = above.reduce((all, each) => all * Number(getComputedStyle(each).opacity), 1);
  const [red, green, blue, alpha] = read(colour);
  return contrast(over([red, green, blue, alpha * opacity], background), background);
}

/** What an element is drawn on. */
export function backgroundOf(element: Element): Colour {
  return ancestors(element).reduceRight((below, each) => over(read(getComputedStyle(each).backgroundColor), below), behind());
}

/** What is seen through a document: a webview in the panel has the panel's colour there. */
function behind(): Colour {
  const white: Colour = [255, 255, 255, 1];
  return over(read(getComputedStyle(document.documentElement).getPropertyValue('--vscode-panel-background') || '#fff'), white);
}

/** An element and all that it lies in, from the inside. */
function ancestors(element: Element): Element[] {
  return [element, ...(element.parentElement ? ancestors(element.parentElement) : [])];
}
