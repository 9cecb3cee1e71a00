"""Responses that come in pieces."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

gates: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Event]] = {}
"""With the loop that waits at it."""
ended: dict[str, str] = {}


async def numbers(request: Request) -> Response:
    async def count() -> Any:
        for number in range(1, 6):
            yield f"{number}, " if number < 5 else "5"
            await asyncio.sleep(0)

    return StreamingResponse(count(), media_type="text/plain", status_code=201, headers={"x-more": "1"})


async def plain_iterator(request: Request) -> Response:
    return StreamingResponse((str(number) for number in range(10)), media_type="text/html")


async def listed(request: Request) -> Response:
    return StreamingResponse(["a", b"b", memoryview(b"c")])


async def own_iterable(request: Request) -> Response:
    class Count:
        def __init__(self) -> None:
            self.at = 0

        def __aiter__(self) -> Any:
            return self

        async def __anext__(self) -> str:
            self.at += 1
            if self.at > 3:
                raise StopAsyncIteration
            return str(self.at)

    return StreamingResponse(Count())


async def file_like(request: Request) -> Response:
    return StreamingResponse(io.BytesIO(b"line 1\nline 2\n" * 20), media_type="application/x-log")


async def nothing(request: Request) -> Response:
    return StreamingResponse(iter(()), media_type="text/plain")


async def large(request: Request) -> Response:
    """Much more than may be under way at once."""
    return StreamingResponse(bytes([number]) * 50_000 for number in range(60))


async def known_size(request: Request) -> Response:
    return StreamingResponse(iter(["12345", "67890"]), headers={"content-length": "10"})


async def too_short(request: Request) -> Response:
    return StreamingResponse(iter(["1234"] * 2), headers={"content-length": "10"})


async def too_long(request: Request) -> Response:
    return StreamingResponse(iter(["123456"] * 2), headers={"content-length": "10"})


async def breaks(request: Request) -> Response:
    async def count() -> Any:
        yield "first"
        raise ValueError("in the middle")

    return StreamingResponse(count())


async def gated(request: Request) -> Response:
    """The second piece waits until it is asked for."""
    name = request.headers["x-gate"]

    async def pieces() -> Any:
        gates[name] = asyncio.get_running_loop(), asyncio.Event()
        yield "first "
        await gates[name][1].wait()
        yield "second"

    return StreamingResponse(pieces(), media_type="text/event-stream")


async def open_gate(request: Request) -> Any:
    loop, gate = gates[request.headers["x-gate"]]
    loop.call_soon_threadsafe(gate.set)
    return "open"


async def endless(request: Request) -> Response:
    """Says how it ended."""
    name = request.headers["x-gate"]

    async def pieces() -> Any:
        try:
            while True:
                yield b"." * 1000
                await asyncio.sleep(0.001)
        finally:
            ended[name] = "closed"

    return StreamingResponse(pieces(), background=BackgroundTask(ended.__setitem__, name, "background"))


async def how_it_ended(request: Request) -> Any:
    return JSONResponse(ended.get(request.headers["x-gate"], "running"))


async def asks_for_client(request: Request) -> Response:
    async def pieces() -> Any:
        for number in range(3):
            if await request.is_disconnected():
                yield "gone"
                return
            yield str(number)

    await request.body()
    return StreamingResponse(pieces())


async def breaks_at_once(request: Request) -> Response:
    async def count() -> Any:
        raise ValueError("before the first")
        yield "never"

    return StreamingResponse(count())
