import type { PodUsage, ServerKey } from '../platform.ts';

/** What the pods of some model servers use of the machine, in Prometheus' text format. Pure. */
export function usageText(servers: readonly (ServerKey & { pods: readonly PodUsage[] })[]): string {
  const samples = (metric: string, figure: (usage: PodUsage) => number): string[] =>
    servers.flatMap(({ owner, name, pods }) =>
      pods.map((usage) => `${metric}{owner="${owner}",server="${name}",pod="${usage.pod}"} ${figure(usage)}`),
    );
  const lines = [
    '# HELP spell_pod_cpu_seconds_total Processor time of the workers of a pod.',
    '# TYPE spell_pod_cpu_seconds_total counter',
    ...samples('spell_pod_cpu_seconds_total', ({ cpuSeconds }) => cpuSeconds),
    '# HELP spell_pod_resident_memory_bytes Resident memory of the workers of a pod.',
    '# TYPE spell_pod_resident_memory_bytes gauge',
    ...samples('spell_pod_resident_memory_bytes', ({ memoryBytes }) => memoryBytes),
  ];
  return `${lines.join('\n')}\n`;
}
