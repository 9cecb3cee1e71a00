"""Tells the gateway, even after a crash, which requests were begun (see `frames.ts`, file descriptor 4)."""

from __future__ import annotations

import mmap
import os
import sys
from typing import Protocol

BEGUN_FD = 4


class BegunCounter(Protocol):
    """Its item 0 is the ordinal of the last request that was begun."""

    def __setitem__(self, index: int, ordinal: int, /) -> None:
        """Begins a request."""


def begun_counter() -> BegunCounter:
    """The counter, to be set before the predictor sees a request.

    It is a view of the file that the gateway reads, so setting it costs no more than a store. Without file
    descriptor 4 it is an ordinary list.
    """
    try:
        if sys.byteorder == "little" and os.fstat(BEGUN_FD).st_size >= 8:
            os.set_inheritable(BEGUN_FD, False)
            return memoryview(mmap.mmap(BEGUN_FD, 8)).cast("Q")
    except (OSError, ValueError):
        pass
    return [0]
