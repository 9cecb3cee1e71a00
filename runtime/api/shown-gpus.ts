/** A number of GPUs for a sentence: `1 GPU`, `0 GPUs`, `2 GPUs`. */
export function shownGpus(gpus: number): string {
  return `${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`;
}
