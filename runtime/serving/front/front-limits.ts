/** What one client may take of the front. Bodies have a pace of their own (`body-pace.ts`). */
export interface FrontLimits {
  /** So long may a client take for its headers, or for its TLS handshake; then it is answered 408. */
  headersTimeoutMs: number;
  /** How often connections are looked at for that. */
  lookMs: number;
  /** How long an idle connection stays open: longer than usual clients and proxies keep theirs, so that they close first. */
  keepAliveTimeoutMs: number;
  /** All headers of a request together; more is answered 431. */
  maxHeaderBytes: number;
  /** Connections at a time; what comes beyond is closed at once. Each costs some 10 KiB. */
  maxConnections: number;
}

export const frontLimits: FrontLimits = {
  headersTimeoutMs: 20_000,
  lookMs: 2000,
  keepAliveTimeoutMs: 75_000,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 16_384,
};
