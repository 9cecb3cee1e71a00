import { EndpointRefusal } from '../api/endpoint-refusal.ts';
import { asSpellError, errorCodes, SpellError } from '../api/errors.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What a failure is told as, and the status that the command ends with. */
export interface Failure {
  code: string;
  message: string;
  hint: string;
  status: number;
}

/** Every failure says what to do next; these are for the few whose author knew nothing special. */
const defaultHint = '`spell COMMAND --help` tells how a command is used';

/** Anything that was thrown, as people and programs are told of it. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof EndpointRefusal) {
    return { code: thrown.code, message: thrown.message, hint: thrown.hint, status: 1 };
  }
  const { code, message, hint } = asSpellError(thrown);
  return { code, message, hint: hint ?? defaultHint, status: errorCodes[code].exit };
}

/**
 * Tells a failure on stderr: `error:` and `hint:`, or one JSON object. A stack trace is shown only with SPELL_DEBUG, and
 * never where a program reads.
 */
export function reportFailure(terminal: Terminal, output: 'table' | 'json', thrown: unknown, debug: boolean): number {
  const { code, message, hint, status } = toFailure(thrown);
  if (output === 'json') terminal.complain(JSON.stringify({ error: { code, message, hint } }));
  else {
    terminal.complain(`${terminal.styleMessage('red', 'error:')} ${message}`);
    terminal.complain(`${terminal.styleMessage('cyan', 'hint:')} ${hint}`);
    if (debug) terminal.complain(stackOf(thrown));
  }
  return status;
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown instanceof SpellError && thrown.cause !== undefined ? `\ncaused by ${stackOf(thrown.cause)}` : '';
  return `${thrown.stack ?? thrown.message}${cause}`;
}
