import type { Method } from '../../parse/predictor/members.ts';
import type { Predictor } from '../../parse/predictor/predictors.ts';
import type { Call, FunctionDefinition } from '../../parse/python/ast.ts';
import { walkOwn } from '../../parse/python/walk.ts';
import { walkUntested } from '../../parse/python/walk-untested.ts';
import type { Related } from '../rules/rule.ts';
import { calledBy, walkCalled } from './called.ts';
import type { PredictorFile } from './predictor-file.ts';

/** Calls that wait without giving the event loop to others. */
const blocking =
  /^(?:time\.sleep|requests\.(?:get|post|put|patch|delete|head|options|request)|httpx\.(?:get|post|put|patch|delete|head|options|request|stream)|urllib\.request\.(?:urlopen|urlretrieve)|urllib3\.request|subprocess\.(?:run|call|check_call|check_output|getoutput|getstatusoutput)|os\.(?:system|popen|wait|waitpid)|builtins\.open|io\.open|builtins\.input|socket\.(?:create_connection|getaddrinfo|gethostbyname)|shutil\.(?:copy|copyfile|copytree|move|rmtree|make_archive))$/;

/** The blocking calls of a method's own body, with their dotted names. */
export function blockingCalls(file: PredictorFile, method: Method): { call: Call; name: string }[] {
  const scope = file.scope(method);
  const found: { call: Call; name: string }[] = [];
  walkOwn(method.definition.body, (node) => {
    const name = node.kind === 'call' ? file.external(scope, node.callee) : undefined;
    if (node.kind === 'call' && name !== undefined && blocking.test(name))
      found.push({ call: node, name: name.replace(/^builtins\./, '') });
  });
  return found;
}

/** The calls of an async method that surely wait inside a plain function of the project, with that function's blocking call. */
export function blockingHelpers(
  file: PredictorFile,
  predictor: Predictor,
  method: Method,
): { call: Call; name: string; related: Related }[] {
  const found: { call: Call; name: string; related: Related }[] = [];
  walkUntested(method.definition.body, (node) => {
    const called = node.kind === 'call' ? calledBy(file, predictor, method, node) : undefined;
    if (node.kind !== 'call' || !called || called.definition.async) return;
    const waits: (typeof found)[number][] = [];
    walkCalled(called, (inner) => {
      const name = inner.kind === 'call' ? file.external(called.scope, inner.callee) : undefined;
      if (inner.kind === 'call' && name !== undefined && blocking.test(name))
        waits.push({
          call: node,
          name: name.replace(/^builtins\./, ''),
          related: { path: called.module.path, span: inner.callee, message: 'it waits here' },
        });
    });
    found.push(...waits.slice(0, 1));
  });
  return found;
}

/** Whether a function awaits anything, or is a generator. Words in its texts count too: this may only err towards yes. */
export function awaits(file: PredictorFile, definition: FunctionDefinition): boolean {
  const { from, to } = definition.bodySpan;
  // Not those of comments: `# spell: ignore[async-without-await]` is one.
  const comments = file.file.comments.filter((comment) => from <= comment.from && comment.to <= to);
  const ends = [from, ...comments.map((comment) => comment.to)];
  const code = ends.map((start, index) => file.read({ from: start, to: comments[index]?.from ?? to })).join('\n');
  return /\bawait\b|\basync\s+(?:for|with)\b|\byield\b/.test(code);
}
