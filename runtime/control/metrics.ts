import type { Platform } from '../platform/platform.ts';

/**
 * What `GET /metrics` answers: everything the platform measures, and the control plane's own process. Prometheus' text
 * format, https://prometheus.io/docs/instrumenting/exposition_formats/.
 */
export async function metricsText(platform: Platform, startedAt: Date): Promise<string> {
  const { user, system } = process.cpuUsage();
  const own = [
    ['spell_control_resident_memory_bytes', 'gauge', 'Memory of the control plane', process.memoryUsage.rss()],
    ['spell_control_cpu_seconds_total', 'counter', 'Processor time of the control plane', (user + system) / 1e6],
    ['spell_control_start_time_seconds', 'gauge', 'When the control plane started, since 1970', startedAt.getTime() / 1000],
  ].map(([name, type, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`);
  // A gateway that is being replaced must not make the control plane's own numbers vanish.
  const theirs = await platform
    .metrics?.()
    .catch((error: unknown) => `# the platform does not answer: ${String(error).replaceAll('\n', ' ')}\n`);
  return `${theirs ?? ''}${own.join('')}`;
}
