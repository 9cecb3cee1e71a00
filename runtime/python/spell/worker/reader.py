"""Cuts frames out of a socket's bytes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

from spell.worker.frames import FRAME_HEADER_SIZE, HEADER

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

_RECEIVE_BYTES = 256 * 1024

Frame: TypeAlias = "tuple[int, int, bytes]"
"""Its type, the request's id, the payload."""


class FrameReader:
    """Reads many frames with one system call."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._rest = b""
        self._large: bytearray | None = None
        self._large_filled = 0

    def receive(self) -> Iterator[Frame] | None:
        """Waits for bytes, and returns the frames that are whole by then, perhaps none; None at the stream's end.

        The frames have to be taken before the next call.
        """
        if self._large is not None:
            return self._receive_large(self._large)
        data = self._channel.recv(_RECEIVE_BYTES)
        if not data:
            return None
        return self._cut(self._rest + data if self._rest else data)

    def _cut(self, data: bytes) -> Iterator[Frame]:
        end = len(data)
        start = 0
        unpack = HEADER.unpack_from
        while end - start >= FRAME_HEADER_SIZE:
            size, kind, request = unpack(data, start)
            after = start + 4 + size
            if after > end:
                if size > _RECEIVE_BYTES:
                    self._gather(data[start:], 4 + size)
                    return
                break
            yield kind, request, data[start + FRAME_HEADER_SIZE : after]
            start = after
        self._rest = data[start:]

    def _gather(self, begun: bytes, size: int) -> None:
        """A frame of many receipts is collected in one place of its size."""
        self._rest = b""
        self._large = bytearray(size)
        self._large[: len(begun)] = begun
        self._large_filled = len(begun)

    def _receive_large(self, large: bytearray) -> Iterator[Frame] | None:
        received = self._channel.recv_into(memoryview(large)[self._large_filled :])
        if received == 0:
            return None
        self._large_filled += received
        if self._large_filled < len(large):
            return iter(())
        self._large = None
        _, kind, request = HEADER.unpack_from(large)
        return iter([(kind, request, bytes(memoryview(large)[FRAME_HEADER_SIZE:]))])
