import { contrast, read } from './colours.ts';
import { backgroundOf } from './hard-to-see.ts';

/** What has the keyboard. */
export interface Focused {
  /** Its accessible name. */
  name: string;
  /** How its ring stands out from what is around it (WCAG 2.2, 1.4.11); 0 without a ring. */
  ring: number;
}

/** What has the keyboard in this document. */
export function focused(): Focused {
  const element = document.activeElement ?? document.body;
  const { outlineStyle, outlineColor, outlineWidth } = getComputedStyle(element);
  const hasRing = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
  const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
  return { name, ring: hasRing ? contrast(read(outlineColor), backgroundOf(element.parentElement ?? element)) : 0 };
}
