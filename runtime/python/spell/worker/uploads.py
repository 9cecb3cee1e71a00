"""Large bodies that follow their requests in pieces: gathered until they are whole, or handed on as they come."""

from __future__ import annotations

import contextlib
import io
import threading
from collections import deque
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Callable, Protocol

from spell.worker.frames import EMPTY, STREAM_WINDOW_BYTES, frame, want
from spell.worker.writer import FrameWriter

if TYPE_CHECKING:
    import asyncio

_WANT_BYTES = STREAM_WINDOW_BYTES // 4
"""WANT is said for so many bytes at once."""


class Body(Protocol):
    """What takes a body's pieces, in the thread that reads."""

    def push(self, piece: memoryview) -> None:
        """The next bytes. A view of more than these: what is kept should be a copy."""

    def complete(self) -> None:
        """That was all."""

    def break_off(self) -> None:
        """The rest will not come, because the request is over."""


class Uploads:
    """The bodies on their way, by their requests' ids. For one thread at a time: whoever reads."""

    def __init__(self) -> None:
        self._bodies: dict[int, Body] = {}

    def expect(self, id: int, body: Body) -> None:
        """From now on pieces for the request go to `body`."""
        self._bodies[id] = body

    def push(self, id: int, piece: memoryview) -> None:
        """Takes a BODY frame, or a part of one."""
        body = self._bodies.get(id)
        if body is not None:
            body.push(piece)

    def end(self, id: int, *, broken: bool) -> None:
        """Takes a COMPLETE frame."""
        body = self._bodies.pop(id, None)
        if body is None:
            return
        if broken:
            body.break_off()
        else:
            body.complete()


class _Wanted:
    """Tells the gateway how much more may come, not for every piece."""

    def __init__(self, id: int, writer: FrameWriter) -> None:
        self._id = id
        self._writer = writer
        self._taken = 0

    def took(self, size: int) -> None:
        self._taken += size
        if self._taken >= _WANT_BYTES:
            self._writer.send(want(self._id, self._taken))
            self._taken = 0


class GatheredBody:
    """A body that must be whole before its request begins. Bytes are copied once: BytesIO gives its own memory away."""

    def __init__(self, id: int, writer: FrameWriter, begin: Callable[[bytes], None]) -> None:
        """`begin` gets the whole body."""
        self._id = id
        self._writer = writer
        self._begin = begin
        self._wanted = _Wanted(id, writer)
        self._memory = io.BytesIO()

    def push(self, piece: memoryview) -> None:
        self._memory.write(piece)
        self._wanted.took(len(piece))

    def complete(self) -> None:
        self._begin(self._memory.getvalue())

    def break_off(self) -> None:
        self._writer.send(frame(EMPTY, self._id))


class StreamedBody:
    """A body that an async method reads while it comes. No more is under way than the window: who reads slowly makes
    the client send slowly."""

    def __init__(self, id: int, writer: FrameWriter, call_soon: Callable[[Callable[[], None]], Any]) -> None:
        """`call_soon` runs something on the event loop of who reads it, after what was to run there before."""
        self._wanted = _Wanted(id, writer)
        self._call_soon = call_soon
        self._lock = threading.Lock()
        self._pieces: deque[bytes] = deque()
        self._ended = False
        self._broken = False
        self._given = False
        self._wake: Callable[[], Any] | None = None

    def push(self, piece: memoryview) -> None:
        with self._lock:
            self._pieces.append(bytes(piece))
        self._changed()

    def complete(self) -> None:
        self._ended = True
        self._changed()

    def break_off(self) -> None:
        # A cancellation that was read before must be first, also where the method is about to read on.
        self._call_soon(self._break_off)

    def _break_off(self) -> None:
        with self._lock:
            self._broken = True
            self._pieces.clear()
        self._changed()

    async def receive(self) -> Any:
        """ASGI's `receive`: waits for the next piece. After the last one it ends by cancellation only, as when the
        client goes. Who was answered already is told that the rest will not come."""
        while True:
            with self._lock:
                if self._pieces or self._broken or (self._ended and not self._given):
                    break
                changed = self._next_change()
            await changed
        if self._broken:
            await _next_turn()
            return {"type": "http.disconnect"}
        with self._lock:
            piece = self._pieces.popleft() if self._pieces else b""
            self._given = self._ended and not self._pieces
        self._wanted.took(len(piece))
        return {"type": "http.request", "body": piece, "more_body": not self._given}

    def _next_change(self) -> Awaitable[None]:
        import asyncio

        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._wake = lambda: loop.call_soon_threadsafe(_resolve, future)
        return future

    def _changed(self) -> None:
        with self._lock:
            wake, self._wake = self._wake, None
        if wake is not None:
            with contextlib.suppress(RuntimeError):  # The loop that waited is closed.
                wake()


async def _next_turn() -> None:
    """Lets the loop do first what it was told before. The gateway cancels a request before it breaks its body off, so
    that a method always sees the one thing, and never, when the loop is busy, the other."""
    import asyncio

    await asyncio.sleep(0)


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
