import { SpellError } from '../../api/errors.ts';

/** What `node:sqlite` throws: `errcode` is SQLite's (extended) result code, https://www.sqlite.org/rescode.html. */
interface SqliteError extends Error {
  code: 'ERR_SQLITE_ERROR';
  errcode: number;
}

/** The primary result codes that this room treats in a way of its own. */
const codes = { busy: 5, readonly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;

/** Whether something that was thrown is SQLite's, with one of these primary result codes. */
export function isSqliteError(thrown: unknown, ...names: (keyof typeof codes)[]): thrown is SqliteError {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return false;
  const primary = thrown.errcode & 0xff;
  return names.some((name) => codes[name] === primary);
}

/** Turns what SQLite says about the disk into an error that people can act on; anything else is returned as it is. */
export function explainSqliteError(thrown: unknown, home: string): unknown {
  if (isSqliteError(thrown, 'full')) {
    return new SpellError('disk-full', `no space is left for ${home}`, 'free some space, then try again; nothing was changed', {
      cause: thrown,
    });
  }
  if (isSqliteError(thrown, 'readonly', 'cannotOpen', 'ioError')) {
    return new SpellError(
      'home-unwritable',
      `the state in ${home} cannot be written: ${thrown.message}`,
      'make the folder writable, or set SPELL_HOME to another one; nothing was changed',
      { cause: thrown },
    );
  }
  return thrown;
}
