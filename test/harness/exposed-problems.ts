/** A text of metrics, and what prometheus_client's parser makes of it: each family's type, and all samples. */
export interface ParsedMetrics {
  text: string;
  types: Record<string, string>;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

/** Users name their metrics as they like; these are all ours. */
const ours = /^spell_/;
/** Units that are no base units (https://prometheus.io/docs/practices/naming/#base-units), and shortened ones. */
const otherUnits =
  /_(ms|milliseconds?|us|microseconds?|minutes?|hours?|days?|s|sec|kb|kib|mb|mib|gb|gib|kilobytes|megabytes|percent|percentage)(_|$)/;
const baseUnits = /_(seconds|bytes|ratio)(_total)?$/;
/** What a metric of ours without a unit counts. */
const counted = /_(depth|in_flight|size|total)$/;

/**
 * What a text of metrics does against the rules of `promtool check metrics` and of
 * https://prometheus.io/docs/practices/naming/: comments, suffixes, reserved labels and duplicates of everything, and
 * names and units of what is ours. Empty when it keeps them.
 */
export function exposedProblems({ text, types, samples }: ParsedMetrics): string[] {
  const problems: string[] = [];
  for (const [family, type] of Object.entries(types)) {
    // prometheus_client calls the family of a counter what it is without its suffix.
    const name = type === 'counter' ? `${family}_total` : family;
    const help = [...text.matchAll(new RegExp(`^# HELP ${name} (.*)$`, 'gm'))];
    if (help.length !== 1 || help[0]?.[1]?.trim() === '') problems.push(`${name}: ${help.length} texts of help, or an empty one`);
    if (text.split('\n').filter((line) => line.startsWith(`# TYPE ${name} `)).length !== 1) problems.push(`${name}: not one type`);
    if (type !== 'counter' && name.endsWith('_total')) problems.push(`${name}: a ${type} that ends as counters do`);
    if (type !== 'histogram' && type !== 'summary' && /_(count|sum|bucket)$/.test(name))
      problems.push(`${name}: ends as parts of histograms do`);
    if (!ours.test(name)) continue;
    if (!/^[a-z][a-z0-9_]*$/.test(name)) problems.push(`${name}: not in snake_case`);
    if (name.includes(type) && type !== 'unknown') problems.push(`${name}: has its type in its name`);
    if (otherUnits.test(name)) problems.push(`${name}: no base unit`);
    if (!baseUnits.test(name) && !counted.test(name)) problems.push(`${name}: neither a unit nor what it counts`);
  }
  const seen = new Set<string>();
  for (const { name, labels } of samples) {
    const key = JSON.stringify([name, Object.entries(labels).sort()]);
    if (seen.has(key)) problems.push(`${key}: stands twice`);
    seen.add(key);
    for (const label of Object.keys(labels)) {
      if (label.startsWith('__')) problems.push(`${name}: the label ${label} is reserved`);
      if (label === 'le' && !name.endsWith('_bucket')) problems.push(`${name}: the label le outside of a histogram`);
      if (label === 'quantile' && name in types && types[name] !== 'summary')
        problems.push(`${name}: the label quantile outside of a summary`);
    }
  }
  return problems;
}
