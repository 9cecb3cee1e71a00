"""Cuts frames out of a socket's bytes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

from spell.worker.frames import FRAME_HEADER_SIZE, HEADER

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

_BUFFER_BYTES = 256 * 1024

Frame: TypeAlias = "tuple[int, int, memoryview]"
"""Its type, the request's id, the payload."""


class FrameReader:
    """Reads many frames with one system call. It owns one buffer, so a payload is valid until the next `receive`."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._filled = 0

    def receive(self) -> Iterator[Frame] | None:
        """Waits for bytes, and returns the frames that are whole by then, perhaps none; None at the stream's end."""
        received = self._channel.recv_into(self._view[self._filled :])
        if received == 0:
            return None
        self._filled += received
        return self._cut()

    def _cut(self) -> Iterator[Frame]:
        view = self._view
        filled = self._filled
        start = 0
        wanted = FRAME_HEADER_SIZE
        unpack = HEADER.unpack_from
        while filled - start >= FRAME_HEADER_SIZE:
            size, kind, request = unpack(view, start)
            end = start + 4 + size
            if end > filled:
                wanted = 4 + size
                break
            yield kind, request, view[start + FRAME_HEADER_SIZE : end]
            start = end
        self._keep_rest(start, wanted)

    def _keep_rest(self, start: int, wanted: int) -> None:
        """Moves the begun frame to the front of a buffer that it fits into."""
        rest = self._view[start : self._filled]
        if wanted > len(self._buffer) or (wanted <= _BUFFER_BYTES < len(self._buffer)):
            buffer = bytearray(max(wanted, _BUFFER_BYTES))
            buffer[: len(rest)] = rest
            self._buffer = buffer
            self._view = memoryview(buffer)
        elif start and rest:
            self._view[: len(rest)] = bytes(rest)
        self._filled = len(rest)
