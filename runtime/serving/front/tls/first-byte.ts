import type { Server, Socket } from 'node:net';

/** An HTTP request begins with its method in capital letters; a TLS handshake begins with 0x16 (RFC 8446 §5.1). */
function isHttp(first: number): boolean {
  return first >= 0x41 && first <= 0x5a;
}

/**
 * Looks at the first byte of each connection to a server that speaks TLS. One who speaks plain HTTP is handed to
 * `onPlainHttp`, which owns the connection from then on: TLS would only close it, and its user would see an empty reply.
 * Who says nothing for `timeoutMs` is cut off. Returns what cuts off everybody, also those who have not shaken hands.
 */
export function tellFromPlainHttp(server: Server, timeoutMs: number, onPlainHttp: (socket: Socket) => void): () => void {
  const shakeHands = server.listeners('connection') as ((socket: Socket) => void)[];
  const open: Set<Socket> = new Set();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const cutOff = (): Socket => socket.destroy();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.once('error', cutOff);
    socket.setTimeout(timeoutMs, cutOff);
    socket.once('readable', () => {
      socket.setTimeout(0, cutOff);
      const bytes = socket.read() as Buffer | null;
      // The end of a connection is readable, too.
      if (bytes === null) cutOff();
      else if (isHttp(bytes[0] as number)) onPlainHttp(socket);
      else {
        // TLS begins with what lies in the socket's own buffer.
        socket.unshift(bytes);
        for (const begin of shakeHands) begin.call(server, socket);
      }
    });
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}
