/** A pod's id tells whose it is, also when the pod is gone and only its lines are left. */
export function podIdOf(modelServer: string, revision: number, suffix: string): string {
  return `${modelServer}-${revision}-${suffix}`;
}

/** The revision that a pod of a model server was made of; undefined for an id that is not of that model server. */
export function revisionOfPod(id: string, modelServer: string): number | undefined {
  if (!id.startsWith(`${modelServer}-`)) return undefined;
  const number = /^([0-9]+)-[^-]+$/.exec(id.slice(modelServer.length + 1))?.[1];
  return number === undefined ? undefined : Number(number);
}
