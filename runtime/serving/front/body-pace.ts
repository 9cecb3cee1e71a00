/** A body may take so long, and a second more for each so many bytes that have come (as Apache's mod_reqtimeout has it). */
const graceMs = 20_000;
const minBytesPerSecond = 500;

/**
 * When a client that has sent `bytes` of its body so far is too slow, on the clock that `receivedAt` is of. `heldMs`: for
 * so long it was us who kept it from sending.
 */
export function bodyDeadline(receivedAt: number, bytes: number, heldMs: number = 0): number {
  return receivedAt + heldMs + graceMs + (bytes / minBytesPerSecond) * 1000;
}
