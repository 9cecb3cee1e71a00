/** `1 of 2 pods ready`, and `0 of 1 pod ready`. */
export function podsReady(ready: number, total: number): string {
  return `${ready} of ${total} ${total === 1 ? 'pod' : 'pods'} ready`;
}
