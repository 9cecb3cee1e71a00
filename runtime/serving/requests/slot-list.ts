import type { Slot } from './slot.ts';

/**
 * An ordered list of slots that uses the slots' own links: adding at either end and removing from anywhere cost the
 * same and allocate nothing. A slot stands in one list at a time: its model server's queue, or its worker's.
 */
export class SlotList {
  first: Slot | null = null;
  last: Slot | null = null;
  length = 0;

  push(slot: Slot): void {
    slot.list = this;
    slot.next = null;
    slot.previous = this.last;
    if (this.last) this.last.next = slot;
    else this.first = slot;
    this.last = slot;
    this.length++;
  }

  /** Puts a slot before all others: it was here before, and keeps its turn. */
  unshift(slot: Slot): void {
    slot.list = this;
    slot.previous = null;
    slot.next = this.first;
    if (this.first) this.first.previous = slot;
    else this.last = slot;
    this.first = slot;
    this.length++;
  }

  /** Takes a slot out. The slot must stand in this list. */
  remove(slot: Slot): void {
    if (slot.previous) slot.previous.next = slot.next;
    else this.first = slot.next;
    if (slot.next) slot.next.previous = slot.previous;
    else this.last = slot.previous;
    slot.list = null;
    slot.previous = null;
    slot.next = null;
    this.length--;
  }

  shift(): Slot | null {
    const slot = this.first;
    if (slot) this.remove(slot);
    return slot;
  }

  /** All slots, oldest first, as they stand now; the list may be changed meanwhile. */
  toArray(): Slot[] {
    const slots: Slot[] = [];
    for (let slot = this.first; slot; slot = slot.next) slots.push(slot);
    return slots;
  }
}
