import type { ModelVersion } from '../../../api/objects.ts';

/** A version as people see it: `v8`, or `demo (v8)` where it has a name. */
export function shownVersion(number: number, custom: string | null): string {
  return custom === null ? `v${number}` : `${custom} (v${number})`;
}

/** The files of a version, as after `--file`: `out/model.h5:model.h5`, or the path alone where it stays. */
export function shownFiles(files: ModelVersion['files'], atMost: number): string {
  const shown = files.slice(0, atMost).map(({ source, path }) => (source === path ? path : `${source}:${path}`));
  const more = files.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
