/** What stands where a secret would. */
export const mask = '***';

/** Shorter values (`1`, `debug`) stand in ordinary words, and are no secrets worth the name. */
const leastLength = 6;

/**
 * What takes the values of variables (`--env`) out of a text of ours that quotes what a predictor said: whole, line by
 * line, and as Python and JSON quote them.
 */
export function secretMask(variables: Record<string, string> = {}): (text: string) => string {
  const forms = Object.values(variables)
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1), ...value.split(/\r?\n/)])
    .filter((form) => form.length >= leastLength)
    // One may be a part of another.
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, mask), text);
}
