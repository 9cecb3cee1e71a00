import { diagnose, type Subject, subjectAt } from '../diagnose.ts';
import type { Finding, Fix } from '../rules/rule.ts';
import { worldAfter } from '../world/edited-files.ts';
import { servingsOf, spellYamlsAround, toServing } from '../world/servings.ts';
import type { World } from '../world/world.ts';

/** Whether a fix makes findings of the subject go away, and puts none in their place. */
export type Judge = (fix: Pick<Fix, 'edits' | 'creates'>, removes: readonly Finding[]) => boolean;

/**
 * Judges fixes by trying them: the rules look at the files as they would be (`spec/language-server.md` §3.6). A fix that
 * only moves the trouble, into the config or another rule, is not worth offering. What it lets be seen in a file that
 * had no part in it before, as when a wrong path is put right, is no fault of its own.
 */
export function judgeFor({ world, path }: Subject): Judge {
  const known = new Map<string, Tally>();
  const before = (each: string): Tally => {
    const tally = known.get(each) ?? tallyOf(world, each);
    known.set(each, tally);
    return tally;
  };
  return (fix, removes) => {
    const after = worldAfter(world, fix);
    if (!after) return false;
    const touched = [path, ...fix.edits.map((edit) => edit.path), ...(fix.creates ?? []).map((file) => file.path)];
    const gone = Map.groupBy(removes, (finding) => finding.code);
    return [...concerned(world, touched)].every((each) => {
      const was = before(each);
      const is = tallyOf(after, each);
      const mayBe = (code: string): number => (was.get(code) ?? 0) - (each === path ? (gone.get(code)?.length ?? 0) : 0);
      return [...is.keys(), ...gone.keys()].every((code) => (is.get(code) ?? 0) <= mayBe(code));
    });
  };
}

/** How often each code is reported. */
type Tally = ReadonlyMap<string, number>;

function tallyOf(world: World, path: string): Tally {
  const subject = subjectAt(world, path);
  const tally = new Map<string, number>();
  for (const { code } of subject ? diagnose(subject) : []) tally.set(code, (tally.get(code) ?? 0) + 1);
  return tally;
}

/** The files whose findings a change of some may touch: themselves, the `spell.yaml` around them, and what that serves and configures. */
function concerned(world: World, paths: readonly string[]): Set<string> {
  const found = new Set(paths);
  for (const path of paths) {
    for (const file of spellYamlsAround(world, path)) {
      found.add(file.path);
      for (const server of file.servers) {
        const serving = toServing(file, server);
        if (serving) found.add(serving.entrypoint);
      }
    }
  }
  const configs = [...found].flatMap((path) => (path.endsWith('.py') ? servingsOf(world, path) : [])).map(({ config }) => config?.path);
  for (const path of configs) if (path !== undefined) found.add(path);
  return found;
}
