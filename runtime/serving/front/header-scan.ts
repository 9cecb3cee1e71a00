/** The headers that the gateway itself looks at, of one request. One object is used for all requests in turn. */
export class HeaderScan {
  requestId: string | undefined;
  /** `x-request-timeout`, as it came. */
  timeout: string | undefined;
  /** Bytes that the body will have, if its size was declared. */
  contentLength = 0;
  origin: string | undefined;
  /** `x-spell-timing: 1`: it asks for `server-timing`. */
  wantsTiming = false;
  /** The last `Host`, and how many there were. */
  host: string | undefined;
  hosts = 0;
  /** The last `Transfer-Encoding`, and how many there were. */
  transferEncoding: string | undefined;
  transferEncodings = 0;

  /** Whether the request has a body, of whatever size. */
  get hasBody(): boolean {
    return this.contentLength > 0 || this.transferEncodings > 0;
  }

  /** Looks through `IncomingMessage.rawHeaders`: names and values in turn, in the client's own spelling. */
  read(rawHeaders: readonly string[]): void {
    this.requestId = undefined;
    this.timeout = undefined;
    this.contentLength = 0;
    this.origin = undefined;
    this.wantsTiming = false;
    this.host = undefined;
    this.hosts = 0;
    this.transferEncoding = undefined;
    this.transferEncodings = 0;
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at] as string;
      // Most headers are told apart by their length alone.
      switch (name.length) {
        case 4:
          if (name.toLowerCase() === 'host') {
            this.host = rawHeaders[at + 1];
            this.hosts++;
          }
          break;
        case 6:
          if (name.toLowerCase() === 'origin') this.origin = rawHeaders[at + 1];
          break;
        case 12:
          if (name.toLowerCase() === 'x-request-id') this.requestId = rawHeaders[at + 1];
          break;
        case 14:
          this.#ofFourteen(name.toLowerCase(), rawHeaders[at + 1]);
          break;
        case 17:
          this.#ofSeventeen(name.toLowerCase(), rawHeaders[at + 1]);
          break;
      }
    }
  }

  #ofFourteen(name: string, value: string | undefined): void {
    if (name === 'content-length') this.contentLength = Number(value);
    else if (name === 'x-spell-timing') this.wantsTiming = value === '1';
  }

  #ofSeventeen(name: string, value: string | undefined): void {
    if (name === 'x-request-timeout') this.timeout = value;
    else if (name === 'transfer-encoding') {
      this.transferEncoding = value;
      this.transferEncodings++;
    }
  }
}
