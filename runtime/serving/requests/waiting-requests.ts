import type { Slot } from './slot.ts';
import { SlotList } from './slot-list.ts';

/**
 * The requests of one model server that wait for a worker. Those with large bodies stand in a line of their own: they
 * need another kind of room, and must not hold up what could go on past them.
 */
export class WaitingRequests {
  /** Their bodies are here. */
  readonly whole: SlotList = new SlotList();
  /** Their bodies are held at their clients. */
  readonly large: SlotList = new SlotList();

  get length(): number {
    return this.whole.length + this.large.length;
  }

  push(slot: Slot): void {
    (slot.upload ? this.large : this.whole).push(slot);
  }

  remove(slot: Slot): void {
    slot.list?.remove(slot);
  }

  /** Whether the large request that has waited longest came before all others. */
  get largeIsNext(): boolean {
    const [whole, large] = [this.whole.first, this.large.first];
    return large !== null && (whole === null || large.receivedAt <= whole.receivedAt);
  }

  /** All of them, as they stand now. */
  toArray(): Slot[] {
    return [...this.whole.toArray(), ...this.large.toArray()];
  }
}
