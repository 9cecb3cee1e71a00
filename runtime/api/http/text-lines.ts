import type { Readable } from 'node:stream';

/** The lines of a byte stream, without their ends (`\n` or `\r\n`). What follows the last end is not a line. */
export async function* textLines(source: Readable): AsyncGenerator<string> {
  source.setEncoding('utf8');
  let rest = '';
  for await (const chunk of source as AsyncIterable<string>) {
    const pieces = (rest + chunk).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) yield piece.endsWith('\r') ? piece.slice(0, -1) : piece;
  }
}
