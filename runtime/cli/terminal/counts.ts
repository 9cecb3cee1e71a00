/** `no files`, `1 file`, `3 files`. */
export function shownFileCount(files: number): string {
  if (files === 0) return 'no files';
  return files === 1 ? '1 file' : `${files} files`;
}
