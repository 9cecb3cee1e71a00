"""The ways to a request's body."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from starlette.requests import Request


async def whole(request: Request) -> Any:
    body = await request.body()
    return [len(body), hashlib.sha256(body).hexdigest(), await request.body() == body]


async def text(request: Request) -> Any:
    return (await request.body()).decode()


async def streamed(request: Request) -> Any:
    pieces = [piece async for piece in request.stream()]
    return {"body": b"".join(pieces).decode("latin-1"), "last": pieces[-1].decode()}


async def stream_then_body(request: Request) -> Any:
    pieces = [piece async for piece in request.stream()]
    try:
        await request.body()
    except RuntimeError as error:
        return [b"".join(pieces).decode(), str(error)]


async def body_then_stream(request: Request) -> Any:
    body = await request.body()
    return [body.decode(), [piece.decode() async for piece in request.stream()]]


async def stream_twice(request: Request) -> Any:
    async for _ in request.stream():
        pass
    try:
        async for _ in request.stream():
            pass
    except RuntimeError as error:
        return str(error)


async def parsed(request: Request) -> Any:
    return {"json": await request.json(), "same": await request.json() is await request.json()}


async def unparsable(request: Request) -> Any:
    try:
        await request.json()
    except json.JSONDecodeError as error:
        return error.msg


async def connected(request: Request) -> Any:
    await request.body()
    return [await request.is_disconnected(), await request.is_disconnected()]


async def without_receive(request: Request) -> Any:
    try:
        await Request(request.scope).body()
    except RuntimeError as error:
        return str(error)


async def received(request: Request) -> Any:
    """The message of ASGI itself."""
    message = await request.receive()
    return {"type": message["type"], "body": message["body"].decode(), "more": message.get("more_body", False)}
