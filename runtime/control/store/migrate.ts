import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { SpellError } from '../../api/errors.ts';
import type { Migration } from './migrations.ts';
import { makePrivate } from './private-file.ts';
import { transaction } from './transaction.ts';

/**
 * Brings a database to the newest schema, one transaction a step. Before each step that changes an existing database,
 * the database is copied to `FILE.before-STEP`; the copies stay, so that an older Spell can be gone back to.
 *
 * Throws `start-failed` when the database was written by a newer Spell: guessing at its tables could lose what they hold.
 */
export function migrate(database: DatabaseSync, file: string, migrations: readonly Migration[]): void {
  const row = database.prepare('PRAGMA user_version').get();
  const found = Number(row?.user_version);
  if (found > migrations.length) {
    throw new SpellError(
      'start-failed',
      `${file} was written by a newer Spell (schema ${found}, this one knows ${migrations.length})`,
      'use that version again, or set SPELL_HOME to another folder',
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < found) continue;
    if (index > 0) {
      const copy = `${file}.before-${index + 1}`;
      rmSync(copy, { force: true });
      makePrivate(copy);
      database.prepare('VACUUM INTO ?').run(copy);
    }
    transaction(database, () => {
      step(database);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}
