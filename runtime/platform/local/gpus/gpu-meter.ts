import type { GpuUse } from '../../../api/gpu-use.ts';
import { queryGpus } from './nvidia-smi.ts';

/** How each GPU is used, by whoever uses it; by its index. */
export type GpuReadings = ReadonlyMap<number, GpuUse>;

/** A little less than the pause between two looks at everything else, so that each look has an answer of its own, which all pods share. */
const freshMs = 4000;

/** A driver that hangs costs the readings of its GPUs, and must not hold up what is measured beside them. */
const answerWithinMs = 8000;

/** Asks how GPUs are used, and for all pods at once: each question is a process of its own, and wakes the driver. */
export class GpuMeter {
  readonly #ask: () => Promise<GpuReadings>;
  readonly #now: () => number;
  #askedAt = -Infinity;
  #readings: Promise<GpuReadings> = Promise.resolve(new Map());

  /** `now` is a clock that never goes back, in milliseconds. */
  constructor(ask: () => Promise<GpuReadings>, now: () => number) {
    this.#ask = ask;
    this.#now = now;
  }

  /** None where the driver does not answer. */
  read(): Promise<GpuReadings> {
    const now = this.#now();
    if (now - this.#askedAt >= freshMs) {
      this.#askedAt = now;
      this.#readings = this.#ask().catch(() => new Map());
    }
    return this.#readings;
  }
}

/** Asks `nvidia-smi`, which counts memory in MiB and utilisation in percent, and says `[N/A]` for what a GPU does not tell. */
export async function askGpus(env: NodeJS.ProcessEnv): Promise<GpuReadings> {
  const rows = await queryGpus(['memory.used', 'utilization.gpu'], env, { timeout: answerWithinMs });
  return new Map(
    rows.map(({ index, values }) => {
      const [mebibytes = Number.NaN, percent = Number.NaN] = values.map(Number);
      return [
        index,
        {
          ...(Number.isNaN(mebibytes) ? {} : { gpuMemoryBytes: mebibytes * 2 ** 20 }),
          ...(Number.isNaN(percent) ? {} : { gpuUtilization: percent / 100 }),
        },
      ];
    }),
  );
}
