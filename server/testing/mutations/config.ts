import { type Mutation, one } from './mutation.ts';

/** Config files, and the `__init__` that they are for. */
export const config: readonly Mutation[] = [
  one('config-missing', 'time-series', 'predictor.py', 'horizon=24, step_minutes=60', 'horizon, step_minutes, level'),
  one('config-missing', 'tabular-pandas', 'predictor.py', 'threshold: float = 0.5', 'target: str, threshold: float = 0.5'),
  one('config-missing', 'keyword-only', 'predictor.py', '*, prefix', '*, suffix, prefix'),

  one('config-not-mapping', 'time-series', 'config.yaml', 'horizon: 96\nstep_minutes: 30\n', '- horizon\n- 96\n'),
  one('config-not-mapping', 'time-series', 'config.yaml', 'horizon: 96\nstep_minutes: 30\n', 'horizon:96\n'),
  { code: 'config-not-mapping', project: 'tabular-pandas', changes: [{ file: 'settings/churn.json', to: '[0.62]\n' }] },

  one('config-key-unknown', 'time-series', 'config.yaml', 'horizon:', 'horizn:'),
  one('config-key-unknown', 'tabular-pandas', 'settings/churn.json', '"threshold"', '"treshold"'),
  one('config-key-unknown', 'bert-qa', 'predict-config.yaml', 'device: -1', 'device: -1\nbatch: 4'),

  one('config-type', 'time-series', 'config.yaml', 'horizon: 96', 'horizon: "96"'),
  one('config-type', 'tabular-pandas', 'settings/churn.json', '0.62', '"high"'),
  one('config-type', 'tabular-pandas', 'settings/churn.json', '["age", "income", "balance"]', '{"age": 1}'),
];
