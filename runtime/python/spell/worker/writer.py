"""The one place where frames leave the worker."""

from __future__ import annotations

import contextlib
import socket
import threading

from spell.worker.left_behind import LeftBehind

_LARGE_BYTES = 256 * 1024


class FrameWriter:
    """Collects frames and sends those of one burst with one system call.

    `append` may be called from any thread; frames that one thread appends keep their order. Nothing leaves before
    `flush`, which whoever appended must see to.
    """

    def __init__(self, channel: socket.socket, left: LeftBehind) -> None:
        """`left` is where `keep` puts what was not sent yet."""
        self._channel = channel
        self._left = left
        self._kept = 0
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
            if self._kept:
                self._kept = 0
                self._left.forget()

    def keep(self) -> None:
        """From now on the gateway gets what was appended even if this process dies before it is sent."""
        if not self._frames:
            return
        with self._sending:
            for kept in range(self._kept, len(self._frames)):
                if not self._left.keep(self._frames[kept]):
                    break
                self._kept = kept + 1
            else:
                return
        self.flush()  # There is no room for them.

    def send(self, frame: bytes) -> None:
        """Appends and flushes."""
        self.append(frame)
        self.flush()
