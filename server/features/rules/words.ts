import { type PredictorRule, predictorRules } from '../../../runtime/api/predictor-rules.ts';

/** The sentence of a fault that also keeps a worker from starting, in the worker's words. */
export function words(rule: PredictorRule, values: Readonly<Record<string, string>>): string {
  return fill(predictorRules[rule].message, values);
}

/** What to do about it, in the worker's words. */
export function hint(rule: PredictorRule, values: Readonly<Record<string, string>>): string {
  return fill(predictorRules[rule].hint, values);
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
