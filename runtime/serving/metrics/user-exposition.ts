import { escapeLabel } from '../../api/series-text.ts';
import type { MetricsReport, MetricsSample } from '../wire/frames.ts';

/** The predictor's own metrics of one pod. */
export interface PodReport {
  owner: string;
  server: string;
  pod: string;
  report: MetricsReport;
}

const legalName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const legalLabel = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** What our own metrics are called. */
const ourPrefix = 'spell_';

/** Labels that we add. One of the user's own by the same name is led aside, as Prometheus does when it scrapes. */
const ours: ReadonlySet<string> = new Set(['owner', 'server', 'pod']);

/**
 * Users' own metrics in Prometheus' text format, each sample with its owner, server and pod. A name may mean one thing
 * only in a text: what comes later under the name of ours or of another type is left out, and a comment says so.
 */
export function userExposition(pods: readonly PodReport[]): string {
  const families = new Map<string, { type: string; help: string; lines: string[] }>();
  const leftOut = new Set<string>();
  for (const { owner, server, pod, report } of pods) {
    for (const [name, type, help, samples] of report) {
      const family = families.get(name) ?? { type, help, lines: [] };
      const why = whyLeftOut(name) ?? (family.type === type ? null : 'another predictor gives the name another type');
      if (why !== null) {
        leftOut.add(`# ${JSON.stringify(name)} of ${owner}/${server} is left out: ${why}`);
        continue;
      }
      families.set(name, family);
      family.lines.push(...samples.flatMap((sample) => line(sample, `owner="${owner}",server="${server}",pod="${pod}"`)));
    }
  }
  const texts = [...families].map(([name, { type, help, lines }]) =>
    [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines].join('\n'),
  );
  const all = [...texts, ...leftOut];
  return all.length === 0 ? '' : `${all.join('\n')}\n`;
}

/** Why no metric of a user's may have such a name; null when it may. */
export function whyLeftOut(name: string): string | null {
  if (!legalName.test(name)) return 'the text format does not have such names';
  return name.startsWith(ourPrefix) ? `names that begin with ${ourPrefix} are Spell’s own` : null;
}

function line([name, labels, value]: MetricsSample, place: string): string[] {
  if (!legalName.test(name)) return [];
  const own = Object.entries(labels).filter(([label]) => legalLabel.test(label));
  const texts = own.map(([label, text]) => `${ours.has(label) ? `exported_${label}` : label}="${escapeLabel(text)}"`);
  return [`${name}{${[place, ...texts].join(',')}} ${value}`];
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
