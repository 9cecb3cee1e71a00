import { contrast, read } from './colours.ts';
import { backgroundOf } from './hard-to-see.ts';

/** What has the keyboard. */
export interface Focused {
  /** Its accessible name. */
  name: string;
  /** How its ring stands out from what is around it (WCAG 2.2, 1.4.11), or the filling of a row; 0 without either. */
  ring: number;
}

/** What has the keyboard in this document; of a list, and of a box over one, its row (WAI-ARIA 1.2, `aria-activedescendant`). */
export function focused(): Focused {
  const owner = document.activeElement ?? document.body;
  const row = document.getElementById(owner.getAttribute('aria-activedescendant') ?? '');
  const element = row ?? owner;
  const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
  const around = backgroundOf(element.parentElement ?? element);
  const { outlineStyle, outlineColor, outlineWidth } = getComputedStyle(element);
  const hasRing = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
  if (hasRing) return { name, ring: contrast(read(outlineColor), around) };
  return { name, ring: row ? contrast(backgroundOf(row), around) : 0 };
}
