"""What the gateway finds of this process when it has died (see `frames.ts`, file descriptor 4)."""

from __future__ import annotations

import mmap
import os
import sys
from typing import Protocol

LEFT_BEHIND_FD = 4
SIZE = 32 * 1024
"""Bytes of the file: `leftBehindSize`."""

_SIZE_AT, _FRAMES_AT = 8, 12
_MOST = SIZE - _FRAMES_AT


class BegunCounter(Protocol):
    """Its item 0 is the ordinal of the last request that was begun: to be set before the predictor sees a request."""

    def __setitem__(self, index: int, ordinal: int, /) -> None:
        """Begins a request."""


class LeftBehind:
    """A view of the file that the gateway reads, so that writing to it costs no more than a store. Without file
    descriptor 4 nobody reads it."""

    def __init__(self) -> None:
        mapped = _mapped()
        self.fds: tuple[int, ...] = () if mapped is None else (LEFT_BEHIND_FD,)
        """What it is made of."""
        memory = memoryview(mapped or bytearray(SIZE))
        self.begun: BegunCounter = memory[:_SIZE_AT].cast("Q")
        self._size = memory[_SIZE_AT:_FRAMES_AT].cast("I")
        self._frames = memory[_FRAMES_AT:]
        self._end = 0

    def keep(self, frame: bytes) -> bool:
        """Adds a frame that waits to be sent; False if there is no room."""
        start = self._end
        end = start + len(frame)
        if end > _MOST:
            return False
        self._frames[start:end] = frame
        self._size[0] = self._end = end
        return True

    def forget(self) -> None:
        """The frames that it kept were sent."""
        self._size[0] = self._end = 0


def _mapped() -> mmap.mmap | None:
    try:
        if sys.byteorder == "little" and os.fstat(LEFT_BEHIND_FD).st_size == SIZE:
            os.set_inheritable(LEFT_BEHIND_FD, False)
            return mmap.mmap(LEFT_BEHIND_FD, SIZE)
    except (OSError, ValueError):
        pass
    return None
