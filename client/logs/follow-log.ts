import type * as vscode from 'vscode';
import { asSpellError } from '../../runtime/api/errors.ts';
import { LogCursor, type LogStart } from '../../runtime/api/log-cursor.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import type { Entry, LogsTarget } from './messages.ts';

/** A stream that ended although the control plane is there is asked for again after this time. */
const retryMs = 500;

export interface FollowOptions {
  controlPlane: ControlPlane;
  l10n: typeof vscode.l10n;
  target: LogsTarget;
  start: LogStart;
  signal: AbortSignal;
  /** Resolves when there is room for more. */
  add(entry: Entry): Promise<void>;
}

/**
 * Hands on what the pods print, until the signal aborts or the model server is gone; rejects where no control plane can be
 * had. Over every restart of the control plane
 * it goes on after the last line; a marker stands where that was.
 */
export async function followLog({ controlPlane, l10n, target, start, signal, add }: FollowOptions): Promise<void> {
  const { owner, name, pod } = target;
  const cursor = new LogCursor(start);
  let client = await controlPlane.connect();
  let isBroken = false;
  let isToldLost = false;
  /** One that comes back may go away once more before it has told anything: that is told once. */
  let isToldBack = false;
  while (!signal.aborted) {
    try {
      if (isBroken) client = await controlPlane.current();
      // Asked first: an answer that never comes looks the same as one in which nothing is printed.
      await client.describeModelServer({ owner, name, signal });
      if (isBroken && !isToldBack) await add({ marker: l10n.t('connected again at {0}', new Date().toLocaleTimeString()) });
      isToldBack = isBroken;
      isToldLost = isBroken = false;
      const query = { ...cursor.start, follow: 'true' as const, ...(pod === undefined ? {} : { pod }) };
      const reading = whileReady(controlPlane, signal);
      try {
        for await (const line of client.logs({ owner, name, query, signal: reading.signal })) {
          isToldBack = false;
          cursor.read(line);
          await add(line);
        }
      } finally {
        reading.dispose();
      }
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = asSpellError(error);
      if (code === 'not-found') return await add({ marker: l10n.t('the model server {0} is not there any more', name) });
      if (controlPlane.state.kind === 'ready' && code !== 'unreachable' && code !== 'not-running') return await add({ marker: message });
    }
    if (signal.aborted) return;
    isBroken = true;
    if (!isToldLost && controlPlane.state.kind !== 'ready') {
      isToldLost = true;
      await add({ marker: l10n.t('the connection was lost at {0}', new Date().toLocaleTimeString()) });
    }
    await returned(controlPlane, signal);
  }
}

/**
 * Aborts with the signal, and when the control plane is missed: its events carry signs of life, a log in which nothing is
 * printed carries none.
 */
function whileReady(controlPlane: ControlPlane, signal: AbortSignal): { signal: AbortSignal; dispose(): void } {
  const missed = new AbortController();
  const { dispose } = controlPlane.onDidChange(({ kind }) => void (kind !== 'ready' && missed.abort()));
  return { signal: AbortSignal.any([signal, missed.signal]), dispose };
}

/** Resolves when the control plane is there, or the signal aborts. One that somebody stopped is waited for, and not started. */
async function returned(controlPlane: ControlPlane, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, retryMs));
  if (controlPlane.state.kind === 'ready' || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      listening.dispose();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const listening = controlPlane.onDidChange(({ kind }) => void (kind === 'ready' && done()));
    signal.addEventListener('abort', done);
  });
}
