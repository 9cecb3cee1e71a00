import { type CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { type Subject, subjectAt } from '../features/diagnose.ts';
import { pathOfUri } from '../workspace/uris.ts';
import { type Settled, settle, type Workspace } from '../workspace/workspace.ts';

/** How long a request may take before its time is worth a line in the log, in milliseconds. */
const slowMs = 100;

/** Where the server tells what went wrong or took long. */
export interface Log {
  warn(message: string): void;
  error(message: string): void;
}

/**
 * The one way from a request to a feature: let what was typed meanwhile arrive, see whether anybody still wants the
 * answer, find the document, run the feature on one state of all files, see again, and turn whatever it throws into an
 * error of this request alone. `null` means that there is nothing, never that something failed.
 */
export async function answer<T>(
  workspace: Workspace,
  log: Log,
  request: { readonly name: string; readonly uri: string; readonly token: CancellationToken },
  feature: (subject: Subject) => T,
): Promise<Settled<T | null> | ResponseError<void>> {
  const { name, uri, token } = request;
  await yieldToInput();
  const path = pathOfUri(uri);
  if (token.isCancellationRequested) return cancelled();
  if (path === undefined) return { value: null, states: new Map(), generation: workspace.generation };
  const start = performance.now();
  try {
    const settled = await settle(
      workspace,
      (world) => {
        const subject = subjectAt(world, path);
        return subject ? feature(subject) : null;
      },
      () => token.isCancellationRequested,
    );
    if (!settled || token.isCancellationRequested) return cancelled();
    return settled;
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error(`${name} of ${uri} failed: ${detail}`);
    return new ResponseError(ErrorCodes.InternalError, `${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    const ms = performance.now() - start;
    if (ms > slowMs) log.warn(`${name} of ${uri} took ${Math.round(ms)} ms`);
  }
}

function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}

/** Lets the messages that have arrived be handled first: edits, and cancellations of this very request. */
function yieldToInput(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
