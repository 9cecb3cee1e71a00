/** The headers that the gateway itself looks at, of one request. One object is used for all requests in turn. */
export class HeaderScan {
  requestId: string | undefined;
  /** `x-request-timeout`, as it came. */
  timeout: string | undefined;
  /** Bytes that the body will have, if its size was declared. */
  contentLength = 0;
  origin: string | undefined;
  hasHost = false;

  /** Looks through `IncomingMessage.rawHeaders`: names and values in turn, in the client's own spelling. */
  read(rawHeaders: readonly string[]): void {
    this.requestId = undefined;
    this.timeout = undefined;
    this.contentLength = 0;
    this.origin = undefined;
    this.hasHost = false;
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at] as string;
      // Most headers are told apart by their length alone.
      switch (name.length) {
        case 4:
          if (name.toLowerCase() === 'host') this.hasHost = true;
          break;
        case 6:
          if (name.toLowerCase() === 'origin') this.origin = rawHeaders[at + 1];
          break;
        case 12:
          if (name.toLowerCase() === 'x-request-id') this.requestId = rawHeaders[at + 1];
          break;
        case 14:
          if (name.toLowerCase() === 'content-length') this.contentLength = Number(rawHeaders[at + 1]);
          break;
        case 17:
          if (name.toLowerCase() === 'x-request-timeout') this.timeout = rawHeaders[at + 1];
          break;
      }
    }
  }
}
