import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SpellEvent } from '../../api/events.ts';
import { integer, json, text, textOrNull } from './rows.ts';

export class EventsTable {
  readonly #insert: StatementSync;
  readonly #after: StatementSync;
  readonly #last: StatementSync;
  readonly #forget: StatementSync;
  readonly #newest: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO events (time, type, object, message, data) VALUES (?, ?, ?, ?, ?)');
    this.#after = database.prepare('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?');
    this.#last = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
    this.#newest = database.prepare('SELECT time, message FROM events WHERE object = ? AND type = ? ORDER BY seq DESC LIMIT 1');
    this.#forget = database.prepare('DELETE FROM events WHERE seq <= ?');
  }

  /** Returns the event's number, which is never used again. */
  append({ time, type, object, message, data }: Omit<SpellEvent, 'seq'>): number {
    const { lastInsertRowid } = this.#insert.run(time, type, object, message, data === undefined ? null : JSON.stringify(data));
    return Number(lastInsertRowid);
  }

  /** Up to `limit` events after a number, oldest first. */
  after(seq: number, limit: number): SpellEvent[] {
    return this.#after.all(seq, limit).map((row) => ({
      seq: integer(row, 'seq'),
      time: text(row, 'time'),
      type: text(row, 'type') as SpellEvent['type'],
      object: text(row, 'object'),
      message: text(row, 'message'),
      ...(textOrNull(row, 'data') === null ? {} : { data: json<NonNullable<SpellEvent['data']>>(row, 'data') }),
    }));
  }

  /** The number of the newest event there ever was; 0 before the first. */
  last(): number {
    return Number(this.#last.get()?.seq ?? 0);
  }

  /** When something happened last to an object, and the sentence about it; null where it never did, or that was forgotten. */
  newest(object: string, type: SpellEvent['type']): Pick<SpellEvent, 'time' | 'message'> | null {
    const row = this.#newest.get(object, type);
    return row ? { time: text(row, 'time'), message: text(row, 'message') } : null;
  }

  forgetUpTo(seq: number): void {
    this.#forget.run(seq);
  }
}
