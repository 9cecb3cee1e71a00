import type { ObservedPod } from '../../api/objects.ts';
import type { Scaling } from '../../api/scaling.ts';
import { endedRequests, type ObservedTraffic } from '../../api/traffic.ts';
import type { PodUsage } from '../../platform/platform.ts';
import { CounterRate, rateWindowMs } from './counter-rate.ts';
import { PodRates } from './pod-rates.ts';
import type { PodReading, Reading, Standing } from './recommendation.ts';

/** What was seen of a model server at one moment, as far as it can be scaled by it. Null: it could not be asked. */
export interface Sample {
  /** In milliseconds. */
  at: number;
  /** The pods of the revision that answers. */
  pods: readonly ObservedPod[];
  traffic: ObservedTraffic | null;
  usage: readonly PodUsage[] | null;
}

/** What its metrics say for the autoscaler, and for people: the average of each pod. */
export interface Measured {
  readings: Reading[];
  /** Requests that came, per second and pod, answered or not; null before it is known. */
  requestsPerSecond: number | null;
  /** As a fraction of the request of each pod; null before it is known. */
  cpu: number | null;
}

/** Makes rates of the counters of one model server. */
export class Meter {
  readonly #arrivals = new CounterRate();
  readonly #cpu = new PodRates();

  /** `current` pods are wanted now; `cpuRequest` is what a target for the CPU is a fraction of. */
  measure(sample: Sample, scaling: Scaling, current: number, cpuRequest: number): Measured {
    const arrivals = sample.traffic && this.#arrivals.note(sample.at, arrived(sample.traffic));
    const cpuByPod = sample.usage && this.#cpu.note(sample.at, new Map(sample.usage.map(({ pod, cpuSeconds }) => [pod, cpuSeconds])));
    const pods = sample.pods.map((pod): PodReading => {
      const busy = cpuByPod?.get(pod.id);
      return { standing: standingOf(pod, sample.at), value: busy === undefined ? null : busy / cpuRequest };
    });
    const known = pods.flatMap(({ standing, value }) => (standing === 'ready' && value !== null ? [value] : []));
    const readings: Reading[] = [];
    const { targetCpu, targetRequestsPerSecond } = scaling;
    // All requests come to one queue, so what counts is how many come, not how many each pod happened to take.
    if (targetRequestsPerSecond !== null) readings.push({ kind: 'shared', target: targetRequestsPerSecond, total: arrivals });
    if (targetCpu !== null) readings.push({ kind: 'per-pod', target: targetCpu, assumed: Math.max(1, targetCpu), pods });
    return {
      readings,
      requestsPerSecond: arrivals === null ? null : arrivals / current,
      cpu: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
    };
  }
}

/** Those that ended and those that are on their way, also what was refused: who is turned away wants an answer all the same. */
function arrived({ pods, inFlight }: ObservedTraffic): number {
  return inFlight + endedRequests(pods);
}

/** A pod that has just got ready is still warm from its start: what it used then says nothing about its requests. */
function standingOf({ state, readyAt }: ObservedPod, at: number): Standing {
  if (state === 'draining' || state === 'failed') return 'ignored';
  const isSettled = readyAt !== null && at - new Date(readyAt).getTime() >= rateWindowMs;
  return state === 'ready' && isSettled ? 'ready' : 'unready';
}
