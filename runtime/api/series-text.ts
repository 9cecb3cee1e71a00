import type { UserSeries } from './user-metrics.ts';

type Series = Pick<UserSeries, 'name' | 'labels'>;

/** As Prometheus writes it: `seen_total{kind="c"}`. */
export function seriesText({ name, labels }: Series): string {
  const texts = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return texts.length === 0 ? name : `${name}{${texts.join(',')}}`;
}

/** As people call it: what `send_metric` sent by the name and the tag that it was sent with. */
export function shownSeries(series: Series): string {
  const { spell_metric_name: sent, spell_tag: tag } = series.labels;
  if (sent === undefined) return seriesText(series);
  return tag ? `${sent} (${tag})` : sent;
}

/** A label's value between the quotes of Prometheus' text format. */
export function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
