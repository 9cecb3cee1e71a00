import type { PodUsage, ServerKey } from '../platform.ts';

type Figure = (usage: PodUsage) => number | undefined;

/** What the pods of some model servers use of the machine, in Prometheus' text format. Pure. */
export function usageText(servers: readonly (ServerKey & { pods: readonly PodUsage[] })[]): string {
  const samples = (metric: string, figure: Figure): string[] =>
    servers.flatMap(({ owner, name, pods }) =>
      pods.flatMap((usage) => {
        const value = figure(usage);
        return value === undefined ? [] : [`${metric}{owner="${owner}",server="${name}",pod="${usage.pod}"} ${value}`];
      }),
    );
  // Most machines have none, and need not hear of it.
  const ofGpus = (metric: string, help: string, figure: Figure): string[] => {
    const found = samples(metric, figure);
    return found.length === 0 ? [] : [`# HELP ${metric} ${help}`, `# TYPE ${metric} gauge`, ...found];
  };
  const lines = [
    '# HELP spell_pod_cpu_seconds_total Processor time of the workers of a pod.',
    '# TYPE spell_pod_cpu_seconds_total counter',
    ...samples('spell_pod_cpu_seconds_total', ({ cpuSeconds }) => cpuSeconds),
    '# HELP spell_pod_resident_memory_bytes Resident memory of the workers of a pod.',
    '# TYPE spell_pod_resident_memory_bytes gauge',
    ...samples('spell_pod_resident_memory_bytes', ({ memoryBytes }) => memoryBytes),
    ...ofGpus('spell_pod_gpu_memory_bytes', 'Memory in use on the GPUs of a pod.', ({ gpuMemoryBytes }) => gpuMemoryBytes),
    ...ofGpus('spell_pod_gpu_utilization_ratio', 'How busy the GPUs of a pod are, on average.', ({ gpuUtilization }) => gpuUtilization),
  ];
  return `${lines.join('\n')}\n`;
}
