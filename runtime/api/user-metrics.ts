import * as z from 'zod/mini';

const series = {
  /** As Prometheus has it (`spec/behaviour.md` §1): what `send_metric` sent says its own name in the label `spell_metric_name`. */
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  /** Counters only grow, and add up over processes; sums and counts of histograms and summaries are such as well. */
  type: z.enum(['counter', 'gauge']),
  value: z.number(),
};

/** One number that a predictor reports about itself, of one process or one pod. `sentAt`: when `send_metric` set it, in seconds since 1970. */
export const userSample = z.object({ ...series, sentAt: z.nullable(z.number()) });
export type UserSample = z.infer<typeof userSample>;

/** What the predictor of one pod reports about itself. `leftOut`: so many numbers more than anybody should have. */
export const podUserMetrics = z.object({ pod: z.string(), samples: z.array(userSample), leftOut: z.int() });
export type PodUserMetrics = z.infer<typeof podUserMetrics>;

/** One number of the predictor's own over all pods, in a step: by how much a counter grew, and how a gauge stood at its end. */
export const userSeries = z.object(series);
export type UserSeries = z.infer<typeof userSeries>;
