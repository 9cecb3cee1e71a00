import type { Expression, Node, Str } from '../../parse/python/ast.ts';
import { childrenOf } from '../../parse/python/walk.ts';
import type { PredictorFile } from './predictor-file.ts';

/** A text in a file, with the nodes around it, innermost first. */
export interface PlacedText {
  readonly literal: Str;
  readonly around: readonly Node[];
}

/** The texts that begin with a prefix. Only statements that contain it are looked into. Docstrings do not count. */
export function textsStartingWith(file: PredictorFile, prefix: string): PlacedText[] {
  const found: PlacedText[] = [];
  for (const unit of file.file.units) {
    const at = file.text.indexOf(prefix, unit.from);
    if (at < 0) break;
    if (at >= unit.to) continue;
    for (const statement of unit.statements) collect(statement, prefix, [], found);
  }
  return found;
}

function collect(node: Node, prefix: string, around: readonly Node[], found: PlacedText[]): void {
  if (node.kind === 'string') {
    const docstring = around[0]?.kind === 'expression';
    if (!node.bytes && !docstring && node.value.startsWith(prefix)) found.push({ literal: node, around });
    return;
  }
  const inner = [node, ...around];
  for (const child of childrenOf(node)) collect(child, prefix, inner, found);
}

/** What is asked of a path that need not be there. */
const looking = /^(?:glob|iglob|rglob|startswith|removeprefix|replace|makedirs|mkdir|listdir|scandir|walk|exists|is_?file|is_?dir)$/;

/** Whether a text is only the beginning of a longer one: added to, formatted, or given to something that joins or searches. */
export function isPartial({ literal, around }: PlacedText): boolean {
  const [parent] = around;
  if (/[*?{}%]/.test(literal.value)) return true;
  if (!parent) return false;
  if (parent.kind === 'binary') return true;
  if (parent.kind === 'attribute') return true;
  if (parent.kind === 'call') {
    const name = calleeName(parent.callee);
    // `Path("…").exists()` asks as `exists("…")` does.
    const asked = around[1]?.kind === 'attribute' ? around[1].name : '';
    return (parent.args.length > 1 && name === 'join') || looking.test(name) || looking.test(asked);
  }
  return false;
}

function calleeName(callee: Expression): string {
  return callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.id : '';
}

/** Whether something is written under the text: opened for writing, saved, downloaded to. */
export function isWritten({ around }: PlacedText): boolean {
  const [call] = around;
  if (call?.kind !== 'call') return false;
  const name = calleeName(call.callee);
  const mode = call.args.find((argument) => argument.name === 'mode')?.value ?? (name === 'open' ? call.args[1]?.value : undefined);
  return (
    /^(?:save|dump|write|to_|download|urlretrieve|copy|move|touch)/.test(name) || (mode?.kind === 'string' && /[wax+]/.test(mode.value))
  );
}
