"""Starlette responses that have to be run: streams, files, and whatever else writes its own `__call__`."""

from __future__ import annotations

import asyncio
from typing import Any, Callable

from starlette.responses import Response

from spell.worker.asgi import receiver, scope_of
from spell.worker.frames import END, STREAM_WINDOW_BYTES, chunk, frame, response_with_head
from spell.worker.job import Job
from spell.worker.whole_response import checked_status, text_headers
from spell.worker.writer import FrameWriter

_CHUNK_BYTES = 64 * 1024


class ResponseStream:
    """Turns what a response sends as an application into RESPONSE, CHUNK and END frames, and waits when the client is
    slower than it."""

    def __init__(self, job: Job, response: Response, writer: FrameWriter, on_answered: Callable[[], None]) -> None:
        self._job = job
        self._response = response
        self._writer = writer
        self._on_answered = on_answered
        self._window = STREAM_WINDOW_BYTES
        self._credited = asyncio.Event()
        self._head: tuple[int, list[tuple[str, str]]] | None = None
        self._promised: int | None = None
        self._sent = 0
        self.begun = False
        """Whether the RESPONSE frame is out, so that the answer cannot become another one any more."""
        self.ended = False
        """Whether the last frame is out."""

    async def run(self) -> None:
        """Runs the response to its end, with its own background task."""
        await self._response(scope_of(self._job), receiver(self._job), self._send)
        if not self.ended:
            raise RuntimeError(f"{type(self._response).__name__} ended without sending a whole answer")

    def credit(self, size: int) -> None:
        """The client took so many bytes more."""
        self._window += size
        self._credited.set()

    async def break_off(self) -> None:
        """Says that the rest will not come, and lets the stream's own `finally` run now rather than when it is
        collected."""
        if self.begun and not self.ended:
            self._end(broken=True)
        close = getattr(getattr(self._response, "body_iterator", None), "aclose", None)
        if close is not None:
            await close()

    async def _send(self, message: Any) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            headers = text_headers(message.get("headers", ()))
            self._head = checked_status(message["status"]), headers
            self._promised = _promised_length(headers)
        elif kind == "http.response.body":
            await self._send_body(message.get("body", b""), more=message.get("more_body", False))

    async def _send_body(self, body: bytes, *, more: bool) -> None:
        if self._head is None:
            raise RuntimeError(f"{type(self._response).__name__} sent a body before its head")
        rest = memoryview(body)
        if not self.begun:
            whole = not more and len(rest) <= self._window
            first, rest = (rest, rest[:0]) if whole else (rest[:0], rest)
            self.begun = True
            self._writer.send(response_with_head(self._job, *self._head, bytes(first), more=not whole))
            if whole:
                self.ended = True
                self._on_answered()
                return
        self._sent += len(rest)
        self._check_length(more=more)
        while rest:
            size = min(len(rest), _CHUNK_BYTES, await self._room())
            self._window -= size
            self._writer.send(chunk(self._job.id, rest[:size]))
            rest = rest[size:]
        if not more:
            self._end(broken=False)

    def _check_length(self, *, more: bool) -> None:
        """Raises where the answer becomes longer, or ends shorter, than its `content-length` said. The gateway would
        break it off, too, but without a word in the log."""
        promised, sent = self._promised, self._sent
        if promised is not None and (sent > promised or (sent < promised and not more)):
            size = f"{'at least ' if more else ''}{sent} bytes"
            raise RuntimeError(f"{type(self._response).__name__} has {size}, but its content-length is {promised}")

    async def _room(self) -> int:
        """How many bytes may be sent, when there are any."""
        while self._window <= 0:
            self._credited.clear()
            await self._credited.wait()
        return self._window

    def _end(self, *, broken: bool) -> None:
        self.ended = True
        self._writer.send(frame(END, self._job.id, b"\1" if broken else b"\0"))
        self._on_answered()


def _promised_length(headers: list[tuple[str, str]]) -> int | None:
    return next((int(value) for name, value in headers if name.lower() == "content-length" and value.isdecimal()), None)
