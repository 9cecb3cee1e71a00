/** An amount of processors for a sentence: `1 CPU`, `0.5 CPUs`, `2 CPUs`. */
export function shownCpus(cpus: number): string {
  const amount = Number(cpus.toFixed(2));
  return `${amount} ${amount === 1 ? 'CPU' : 'CPUs'}`;
}
