"""Cuts frames out of a socket's bytes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spell.worker.frames import BODY, FRAME_HEADER_SIZE, HEADER

if TYPE_CHECKING:
    from typing_extensions import TypeAlias

_RECEIVE_BYTES = 96 * 1024
"""As much as is usually there, and so little that the C library has the memory at hand: for more than 128 KiB it asks
the system each time."""

Frame: TypeAlias = "tuple[int, int, Any]"
"""Its type, the request's id, the payload: bytes, but of BODY frames a view of all that was read with them."""


class FrameReader:
    """Reads many frames with one system call. BODY frames are handed out as they come, also in parts: nobody waits for
    a whole one, and none is put together here."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._rest = b""
        self._large: bytearray | None = None
        self._large_filled = 0
        self._body_of = 0
        self._body_left = 0

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
        if self._body_left:
            start = min(self._body_left, end)
            self._body_left -= start
            yield BODY, self._body_of, memoryview(data)[:start]
        unpack = HEADER.unpack_from
        while end - start >= FRAME_HEADER_SIZE:
            size, kind, request = unpack(data, start)
            after = start + 4 + size
            if kind == BODY:
                self._body_of, self._body_left = request, max(0, after - end)
                yield kind, request, memoryview(data)[start + FRAME_HEADER_SIZE : after]
                start = min(after, end)
                continue
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
