import { type Mutation, one } from './mutation.ts';

/** What cannot be read, and comments that silence nothing. */
export const comments: readonly Mutation[] = [
  one('yaml-syntax', 'iris-sklearn', 'spell.yaml', 'server-name: iris', 'server-name: "iris'),
  one('yaml-syntax', 'time-series', 'config.yaml', 'horizon: 96', 'horizon: [96'),
  one('yaml-syntax', 'recommender', 'spell.yaml', '  metric: dot', '\tmetric: dot'),

  one('unused-suppression', 'suppressed', 'predictor.py', 'self.requests += 1', 'print(1)'),
  one('unused-suppression', 'echo', 'predictor.py', 'return payload', 'return payload  # spell: ignore[state-not-shared]'),
  one('unused-suppression', 'iris-sklearn', 'spell.yaml', 'min-pods: 1', 'min-pods: 1  # spell: ignore[pods-range]'),
];
