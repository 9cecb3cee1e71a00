/** How some GPUs are used. What they do not tell is absent, and so is all of it where there are none. */
export interface GpuUse {
  /** The memory in use, of all of them together. */
  gpuMemoryBytes?: number;
  /** How busy they are on average: 0 to 1. */
  gpuUtilization?: number;
}

/** The use of several, as one. Pure. */
export function joinGpuUse(each: readonly GpuUse[]): GpuUse {
  const memory = each.flatMap(({ gpuMemoryBytes = [] }) => gpuMemoryBytes);
  const busy = each.flatMap(({ gpuUtilization = [] }) => gpuUtilization);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    ...(memory.length > 0 && { gpuMemoryBytes: sum(memory) }),
    ...(busy.length > 0 && { gpuUtilization: sum(busy) / busy.length }),
  };
}
