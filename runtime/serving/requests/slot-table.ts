import { Slot, slotState } from './slot.ts';

const indexBits = 19;
const indexMask = (1 << indexBits) - 1;
/** Ids have 31 bits, so that they stay small integers in V8. */
const generations = 2 ** (31 - indexBits);

/** All slots of the gateway: half a million requests in flight at most; an id comes again after 4096 uses of its slot. */
export class SlotTable {
  /** The first one is nobody's: on the wire, 0 means no request. */
  readonly #slots: Slot[] = [new Slot(0)];
  readonly #free: Slot[] = [];

  /** How many slots are in use. */
  get used(): number {
    return this.#slots.length - 1 - this.#free.length;
  }

  /** A slot of one's own, with a fresh id, until {@link release}; `undefined` when all are in use. */
  acquire(): Slot | undefined {
    const slot = this.#free.pop();
    if (slot) return slot;
    if (this.#slots.length > indexMask) return undefined;
    const made = new Slot(this.#slots.length);
    made.id = made.index;
    this.#slots.push(made);
    return made;
  }

  /** The slot that has this id now, or `undefined`: the request it named is over. */
  find(id: number): Slot | undefined {
    const slot = this.#slots[id & indexMask];
    return slot !== undefined && slot.id === id && slot.state !== slotState.free ? slot : undefined;
  }

  /** Gives a slot back. It must stand in no list and not on the wheel. */
  release(slot: Slot): void {
    slot.forgetCaller();
    slot.state = slotState.free;
    slot.kind = 0;
    slot.server = null;
    slot.worker = null;
    slot.deadline = Number.POSITIVE_INFINITY;
    slot.startDeadline = Number.POSITIVE_INFINITY;
    slot.takenAt = -1;
    slot.sentAt = -1;
    slot.ahead = 0;
    slot.batch = 0;
    slot.wantsTiming = false;
    slot.waitedMs = -1;
    slot.preparedMs = 0;
    slot.predictedMs = 0;
    slot.deaths = 0;
    slot.alone = false;
    slot.recalled = false;
    slot.uncredited = 0;
    this.renew(slot);
    this.#free.push(slot);
  }

  /** Gives a slot its next id: for a new request, or for one that is sent once more, perhaps to the same worker. */
  renew(slot: Slot): void {
    slot.id = ((((slot.id >>> indexBits) + 1) % generations) << indexBits) | slot.index;
  }
}
