import { readFileSync } from 'node:fs';

/**
 * How much of the processors' time the machine's host has given to others since the last look, though something here
 * wanted to run: 0 to 1. It is Linux's steal time (proc_stat(5)), counted in hundredths of a second; where no host tells,
 * it is 0.
 */
export class StealMeter {
  #before: { all: number; stolen: number } = ticks();

  look(): number {
    const now = ticks();
    const all = now.all - this.#before.all;
    const stolen = now.stolen - this.#before.stolen;
    this.#before = now;
    return all > 0 ? stolen / all : 0;
  }
}

/** Of all processors together, since the machine started. */
function ticks(): { all: number; stolen: number } {
  try {
    // `cpu  user nice system idle iowait irq softirq steal guest …`; the guests' time is in the users' already.
    const [, ...fields] = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]?.split(/ +/) ?? [];
    const counted = fields.slice(0, 8).map(Number);
    return { all: counted.reduce((sum, each) => sum + each, 0), stolen: counted[7] ?? 0 };
  } catch {
    return { all: 0, stolen: 0 };
  }
}
