import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { SpellError } from '../../api/errors.ts';
import type { Run } from '../../api/objects.ts';
import { makeFolder } from '../testing/test-control.ts';
import { Backups } from './backups.ts';
import { openDatabase } from './database.ts';
import { EventsTable } from './events-table.ts';
import { type Migration, migrations } from './migrations.ts';
import { ModelsTable } from './models-table.ts';
import { RunsTable } from './runs-table.ts';

const now = new Date('2026-03-01T12:00:00Z');
const addNotes: Migration = (database) => database.exec('CREATE TABLE notes (text TEXT) STRICT');
const run: Run = {
  ...{ name: null, command: ['true'], folder: '/', git: null, startedAt: 't', endedAt: 't' },
  ...{ exitStatus: 0, signal: null, state: 'complete' },
};
const event = { time: 't', type: 'spelld.started', object: 'spelld', message: 'm' } as const;

test('a commit is durable and foreign keys hold', async (t) => {
  const { database, recovery } = openDatabase(join(await makeFolder(t), 'state.db'), now);
  t.after(() => database.close());
  assert.equal(recovery, null);
  assert.equal(database.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
  assert.equal(database.prepare('PRAGMA synchronous').get()?.synchronous, 2);
  assert.equal(database.prepare('PRAGMA foreign_keys').get()?.foreign_keys, 1);
  assert.ok(Number(database.prepare('PRAGMA busy_timeout').get()?.timeout) <= 1000);
});

test('a migration that changes an existing database leaves a copy of it as it was', async (t) => {
  const file = join(await makeFolder(t), 'state.db');
  const first = openDatabase(file, now);
  new EventsTable(first.database).append(event);
  first.database.close();
  assert.equal(existsSync(`${file}.before-1`), false, 'a new database is worth no copy');

  const second = openDatabase(file, now, [...migrations, addNotes]);
  second.database.exec("INSERT INTO notes VALUES ('kept')");
  assert.equal(new EventsTable(second.database).last(), 1);
  second.database.close();

  const copy = new DatabaseSync(`${file}.before-${migrations.length + 1}`);
  t.after(() => copy.close());
  assert.equal(copy.prepare('PRAGMA user_version').get()?.user_version, migrations.length);
  assert.equal(new EventsTable(copy).last(), 1);
});

test('a migration that fails changes nothing', async (t) => {
  const file = join(await makeFolder(t), 'state.db');
  openDatabase(file, now).database.close();
  const broken: Migration = (database) => database.exec('CREATE TABLE half (a TEXT); CREATE TABLE events (b TEXT)');
  assert.throws(() => openDatabase(file, now, [...migrations, broken]), /events already exists/);
  const { database } = openDatabase(file, now);
  t.after(() => database.close());
  assert.equal(database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name = 'half'").get()?.n, 0);
});

test('a database of a newer Spell is refused and left alone', async (t) => {
  const file = join(await makeFolder(t), 'state.db');
  openDatabase(file, now, [...migrations, addNotes]).database.close();
  assert.throws(
    () => openDatabase(file, now),
    (error: SpellError) => error.code === 'start-failed' && /newer Spell/.test(error.message),
  );
});

test('a damaged database is kept aside, and the newest backup takes its place', async (t) => {
  const folder = await makeFolder(t);
  const file = join(folder, 'state.db');
  const first = openDatabase(file, now);
  new EventsTable(first.database).append(event);
  assert.equal(new RunsTable(first.database).insert('one', run, 'sha256:0'), 1);
  assert.equal(new ModelsTable(first.database).nextVersion('digits'), 1);
  await new Backups(first.database, file, assert.fail).make();
  assert.equal(new RunsTable(first.database).insert('two', run, 'sha256:0'), 2, 'after the backup');
  first.database.close();
  writeFileSync(file, 'this is no database, but it is long enough to be looked at '.repeat(100));

  const { database, recovery } = openDatabase(file, now);
  t.after(() => database.close());
  assert.equal(recovery?.keptAs, `${file}.corrupt-20260301T120000Z`);
  assert.match(readFileSync(recovery.keptAs, 'utf8'), /^this is no database/);
  assert.notEqual(recovery.restored, null);
  const events = new EventsTable(database);
  assert.equal(events.after(0, 10).length, 1);
  assert.ok(events.append(event) > now.getTime() / 1000, 'no number that a reader may have seen is used again');
  assert.ok(new RunsTable(database).insert('three', run, 'sha256:0') > 2, 'nor that of a run, which may be written down somewhere');
  assert.ok(new ModelsTable(database).nextVersion('digits') > 2, 'nor that of a version');
});

test('a damaged page in the middle is found, and without a backup the state begins empty', async (t) => {
  const file = join(await makeFolder(t), 'state.db');
  const first = openDatabase(file, now);
  const events = new EventsTable(first.database);
  for (let i = 0; i < 2000; i++) events.append(event);
  first.database.close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 8192, 8192 + 4096 * 8);
  writeFileSync(file, bytes);

  const { database, recovery } = openDatabase(file, now);
  t.after(() => database.close());
  assert.equal(recovery?.restored, null);
  assert.deepEqual(readFileSync(recovery?.keptAs ?? ''), bytes);
  assert.equal(new EventsTable(database).after(0, 10).length, 0);
});

test('a database that was emptied is restored too, and a damaged backup is not used', async (t) => {
  const folder = await makeFolder(t);
  const file = join(folder, 'state.db');
  const first = openDatabase(file, now);
  new EventsTable(first.database).append(event);
  await new Backups(first.database, file, assert.fail).make();
  first.database.close();
  truncateSync(file);
  const second = openDatabase(file, now);
  assert.notEqual(second.recovery?.restored ?? null, null);
  second.database.close();

  writeFileSync(`${file}.backup`, 'damaged as well'.repeat(100));
  writeFileSync(file, 'damaged'.repeat(1000));
  const third = openDatabase(file, new Date('2026-03-02T12:00:00Z'));
  t.after(() => third.database.close());
  assert.equal(third.recovery?.restored, null);
  assert.equal(readdirSync(folder).filter((name) => name.includes('corrupt')).length >= 2, true);
});

test('nobody else can read the state', { skip: process.platform === 'win32' }, async (t) => {
  const file = join(await makeFolder(t), 'state.db');
  const { database } = openDatabase(file, now);
  t.after(() => database.close());
  await new Backups(database, file, assert.fail).make();
  for (const each of [file, `${file}-wal`, `${file}.backup`]) assert.equal(statSync(each).mode & 0o077, 0, each);
});
