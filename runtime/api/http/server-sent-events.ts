/**
 * The data of server-sent events, one text per event (WHATWG HTML, 9.2.6). Comments, which keep a quiet connection
 * open, and the fields `event` and `retry`, which we do not send, are passed over; an event's id stands in its data.
 */
export async function* serverSentData(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of lines) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
  }
}
