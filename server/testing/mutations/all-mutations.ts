import { answers } from './answers.ts';
import { batching } from './batching.ts';
import { comments } from './comments.ts';
import { config } from './config.ts';
import type { Mutation } from './mutation.ts';
import { references } from './references.ts';
import { running } from './running.ts';
import { settings } from './settings.ts';
import { shape } from './shape.ts';
import { surroundings } from './surroundings.ts';

/** At least three mistakes for each rule. */
export const mutations: readonly Mutation[] = [
  ...shape,
  ...batching,
  ...running,
  ...answers,
  ...surroundings,
  ...config,
  ...settings,
  ...references,
  ...comments,
];
