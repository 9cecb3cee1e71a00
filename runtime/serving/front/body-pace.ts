/** A body may take so long, and a second more for each so many bytes that have come (as Apache's mod_reqtimeout has it). */
const graceMs = 20_000;
const minBytesPerSecond = 500;

/** When a client that has sent `bytes` of its body so far is too slow, on the clock that `receivedAt` is of. */
export function bodyDeadline(receivedAt: number, bytes: number): number {
  return receivedAt + graceMs + (bytes / minBytesPerSecond) * 1000;
}
