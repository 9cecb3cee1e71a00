/**
 * Which GPUs a value of `CUDA_VISIBLE_DEVICES` leaves, by CUDA's rules (CUDA C++ Programming Guide, "CUDA Environment
 * Variables"): indices, or beginnings of UUIDs; the list ends at the first that there is not. Undefined leaves all. Pure.
 */
export function visibleGpus(gpus: readonly { index: number; uuid: string }[], said: string | undefined): number[] {
  if (said === undefined) return gpus.map(({ index }) => index);
  const visible: number[] = [];
  for (const name of said.split(',').map((each) => each.trim())) {
    const gpu = gpus.find(({ index, uuid }) => name === String(index) || (name.startsWith('GPU-') && uuid.startsWith(name)));
    if (!gpu || visible.includes(gpu.index)) break;
    visible.push(gpu.index);
  }
  return visible;
}

/** Whether such a value leaves none of any machine's whole GPUs: it begins with nothing, `-1` or a part of one (`MIG-…`). Pure. */
export function leavesNone(said: string | undefined): boolean {
  return said !== undefined && !/^\s*(\d+|GPU-)/.test(said);
}
