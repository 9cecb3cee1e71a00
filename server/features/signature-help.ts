import type { Position, SignatureHelp } from 'vscode-languageserver-types';
import { externalName } from '../parse/project/meaning.ts';
import type { Expression } from '../parse/python/ast.ts';
import { pathTo } from '../parse/python/walk.ts';
import type { Subject } from './diagnose.ts';
import { PredictorFile } from './subjects/predictor-file.ts';

interface Signature {
  readonly label: string;
  readonly documentation: string;
  readonly parameters: readonly { readonly name: string; readonly label: string; readonly documentation: string }[];
}

const signatures: Record<string, Signature> = {
  'spell.serving.with_full_request': {
    label: 'with_full_request(name: str = "request")',
    documentation: 'Passes the whole Starlette Request into a parameter.',
    parameters: [{ name: 'name', label: 'name: str = "request"', documentation: 'The parameter that receives it.' }],
  },
  'spell.serving.with_background_tasks': {
    label: 'with_background_tasks(name: str = "tasks")',
    documentation: "Passes Starlette's BackgroundTasks into a parameter; they run after the answer was sent.",
    parameters: [{ name: 'name', label: 'name: str = "tasks"', documentation: 'The parameter that receives them.' }],
  },
  'spell.serving.send_metric': {
    label: 'send_metric(name: str, value: float, tag: str | None = None)',
    documentation: 'Sets a user metric; the last value wins.',
    parameters: [
      { name: 'name', label: 'name: str', documentation: 'Any text.' },
      { name: 'value', label: 'value: float', documentation: 'A number.' },
      { name: 'tag', label: 'tag: str | None = None', documentation: 'Keeps values apart under one name.' },
    ],
  },
};

/** The signature of one of our functions, while its arguments are typed. */
export function signatureHelp(subject: Subject, position: Position): SignatureHelp | null {
  if (!(subject instanceof PredictorFile)) return null;
  const offset = subject.lines.offsetAt(position);
  const unit = subject.file.units.find((each) => each.from <= offset && offset <= each.to);
  const around = pathTo(unit?.statements ?? [], offset);
  // An unfinished call's arguments may end before the cursor: the text says whether its parenthesis is still open.
  const call = around.findLast(
    (node) =>
      node.kind === 'call' && node.argsSpan.from < offset && (offset < node.argsSpan.to || subject.text[node.argsSpan.to - 1] !== ')'),
  );
  if (call?.kind !== 'call') return null;
  const signature = signatures[externalName(subject.project, { module: subject.module }, call.callee) ?? ''];
  if (!signature) return null;
  return {
    signatures: [
      {
        label: signature.label,
        documentation: signature.documentation,
        parameters: signature.parameters.map(({ label, documentation }) => ({ label, documentation })),
      },
    ],
    activeSignature: 0,
    activeParameter: activeIn(signature, call, offset),
  };
}

function activeIn(signature: Signature, call: Extract<Expression, { kind: 'call' }>, offset: number): number {
  const at = call.args.find((argument) => argument.from <= offset && offset <= argument.to);
  if (at?.name !== undefined)
    return Math.max(
      0,
      signature.parameters.findIndex((parameter) => parameter.name === at.name),
    );
  return Math.min(call.args.filter((argument) => argument.to < offset).length, signature.parameters.length - 1);
}
