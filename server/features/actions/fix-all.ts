import type { Edit, Finding, Fix } from '../rules/rule.ts';
import type { Judge } from './soundness.ts';

/**
 * The preferred fixes of all findings as one, without those whose edits touch another's. Undefined when there is none.
 * Tried as a whole first; only when that would add something, one by one.
 */
export function fixAll(path: string, findings: readonly Finding[], isSound: Judge): Fix | undefined {
  const candidates = findings.flatMap((finding): Candidate[] => {
    const fix = finding.fixes?.().find((each) => each.preferred === true);
    const elsewhere = !fix || (fix.creates ?? []).length > 0 || fix.edits.some((edit) => edit.path !== path);
    return elsewhere ? [] : [{ finding, edits: fix.edits }];
  });
  if (candidates.length === 0) return undefined;
  const judged = (some: readonly Candidate[]): Merged | undefined => {
    const merged = merge(some);
    return isSound(merged, merged.removes) ? merged : undefined;
  };
  const { edits } = judged(candidates) ?? oneByOne(candidates, judged);
  return edits.length === 0 ? undefined : { title: 'Fix all that Spell can fix', edits };
}

interface Candidate {
  readonly finding: Finding;
  readonly edits: readonly Edit[];
}

interface Merged {
  readonly edits: readonly Edit[];
  /** Those that have an edit of their own in it. */
  readonly removes: readonly Finding[];
}

function oneByOne(candidates: readonly Candidate[], judged: (some: readonly Candidate[]) => Merged | undefined): Merged {
  const kept: Candidate[] = [];
  for (const candidate of candidates) if (judged([...kept, candidate])) kept.push(candidate);
  return merge(kept);
}

function merge(candidates: readonly Candidate[]): Merged {
  const edits: Edit[] = [];
  const removes: Finding[] = [];
  for (const candidate of candidates) {
    const fresh = candidate.edits.filter((edit) => !edits.some((each) => same(each, edit)));
    if (fresh.length === 0 || fresh.some((edit) => edits.some((each) => touching(each, edit)))) continue;
    edits.push(...fresh);
    removes.push(candidate.finding);
  }
  return { edits, removes };
}

function same(a: Edit, b: Edit): boolean {
  return a.path === b.path && a.span.from === b.span.from && a.span.to === b.span.to && a.text === b.text;
}

function touching(a: Edit, b: Edit): boolean {
  return a.span.from <= b.span.to && b.span.from <= a.span.to;
}
