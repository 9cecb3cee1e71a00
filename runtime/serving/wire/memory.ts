// V8 looks for garbage outside its heap only when there are 64 MiB more of it, which is more than the large bodies and answers
// that are under way ever need. So what they lie in is given back by hand.

/**
 * Gives back the memory that some bytes lie in. They are not to be used any more, nor anything before them in the same
 * buffer; nothing happens where they are not the end of it.
 */
export function freeUpToEnd({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteOffset + byteLength === buffer.byteLength) buffer.transfer(0);
}

/** The same, where nothing lies before them but so many bytes that nobody uses, either. */
export function freeIfAlone(bytes: Uint8Array, unusedBefore: number = 0): void {
  if (bytes.byteOffset === unusedBefore) freeUpToEnd(bytes);
}
