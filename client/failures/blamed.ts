import { resolve } from 'node:path';
import type { ModelServer, ServedFrom, StartFailure } from '../../runtime/api/objects.ts';

/** A failed start of a model server, and the place in the user's own file that it is blamed on. */
export interface Blamed {
  /** Absolute. */
  file: string;
  /** Counted from 1. */
  line: number;
  code: string;
  message: string;
}

/**
 * What a model server's last failure says of a file of this machine; undefined when nothing failed since the last good
 * revision, when it was the machine that had no room, or when nobody knows which file it was. Without a file of its own a failure is
 * blamed on the entrypoint.
 */
export function blamedBy({ name, rollout, failure, servedFrom }: ModelServer): Blamed | undefined {
  const failed = rollout?.state === 'failed' && rollout.failure ? rollout : undefined;
  const what: StartFailure | null = failed?.failure ?? failure;
  const from: ServedFrom | null | undefined = failed ? failed.servedFrom : servedFrom;
  if (!what || !from || what.code === 'unschedulable') return undefined;
  const hint = what.hint === null ? '' : `\n${what.hint}`;
  return {
    file: what.file === null ? from.entrypoint : resolve(from.root, what.file),
    line: what.line ?? 1,
    code: what.code,
    message: `${name}: ${what.message}${hint}`,
  };
}
