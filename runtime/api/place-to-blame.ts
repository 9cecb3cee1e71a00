import type { StartFailure } from './objects.ts';

/** The user's file and line that a failed start is blamed on, as `predictor.py:6`; null when there is none. */
export function placeToBlame(failure: StartFailure | null | undefined): string | null {
  if (!failure?.file) return null;
  return failure.line === null ? failure.file : `${failure.file}:${failure.line}`;
}
