import { SpellError } from '../errors.ts';

/** What is told when something of the user's cannot be read. Errors of other kinds are passed on as they are. */
export function unreadable(path: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof SpellError || code === undefined) return error as Error;
  const why: Record<string, string> = {
    ENOENT: 'there is nothing there any more',
    EACCES: 'its permissions do not allow it',
    EPERM: 'its permissions do not allow it',
    ELOOP: 'it is a link that leads to itself',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a piece of its path is not a folder',
  };
  return new SpellError('bad-path', `${path} cannot be read: ${why[code] ?? (error as Error).message}`, readableHint(code), {
    cause: error,
  });
}

function readableHint(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'make it readable (chmod), or leave it out';
  return 'check the path, then try again';
}
