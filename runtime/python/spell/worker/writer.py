"""The one place where frames leave the worker."""

from __future__ import annotations

import contextlib
import socket
import threading

_LARGE_BYTES = 256 * 1024


class FrameWriter:
    """Collects frames and sends those of one burst with one system call.

    `append` may be called from any thread; frames that one thread appends keep their order. Nothing leaves before
    `flush`, which whoever appended must see to.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._frames: list[bytes] = []
        self._sending = threading.Lock()
        self.append = self._frames.append
        """Queues one frame."""

    def flush(self) -> None:
        """Sends everything that was appended before. Blocks while the gateway does not read."""
        frames = self._frames
        with self._sending:
            count = len(frames)
            if count == 0:
                return
            # Appending goes on meanwhile, to the end of the same list.
            taken = frames[:count]
            del frames[:count]
            # A gateway that is gone is the business of whoever reads: it ends the process.
            with contextlib.suppress(OSError):
                if count == 1:
                    self._channel.sendall(taken[0])
                elif max(map(len, taken)) < _LARGE_BYTES:
                    self._channel.sendall(b"".join(taken))
                else:
                    for frame in taken:
                        self._channel.sendall(frame)

    def send(self, frame: bytes) -> None:
        """Appends and flushes."""
        self.append(frame)
        self.flush()
