import type { Edit, Finding, Fix } from '../rules/rule.ts';

/** The preferred fixes of all findings as one, without those whose edits touch another's. Undefined when there is none. */
export function fixAll(path: string, findings: readonly Finding[]): Fix | undefined {
  const taken: Edit[] = [];
  for (const finding of findings) {
    const fix = finding.fixes?.().find((each) => each.preferred === true);
    if (!fix || (fix.creates ?? []).length > 0 || fix.edits.some((edit) => edit.path !== path)) continue;
    const fresh = fix.edits.filter((edit) => !taken.some((each) => same(each, edit)));
    if (fresh.length === 0 || fresh.some((edit) => taken.some((each) => touching(each, edit)))) continue;
    taken.push(...fresh);
  }
  return taken.length === 0 ? undefined : { title: 'Fix all that Spell can fix', edits: taken };
}

function same(a: Edit, b: Edit): boolean {
  return a.path === b.path && a.span.from === b.span.from && a.span.to === b.span.to && a.text === b.text;
}

function touching(a: Edit, b: Edit): boolean {
  return a.span.from <= b.span.to && b.span.from <= a.span.to;
}
