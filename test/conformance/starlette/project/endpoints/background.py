"""Background tasks: what they did is noted by the name of their request, and another request asks for the notes."""

from __future__ import annotations

import threading
from typing import Any

from starlette.background import BackgroundTask, BackgroundTasks
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

notes: list[tuple[str, str]] = []
gates: dict[str, threading.Event] = {}


def note(name: str, text: str, *, twice: bool = False) -> None:
    notes.extend([(name, text)] * (2 if twice else 1))


async def note_async(name: str, text: str) -> None:
    note(name, text)


def wait_at_gate(name: str) -> None:
    gates[name].wait(10)


def fail() -> None:
    raise ValueError("in the background")


def name_of(request: Request) -> str:
    return request.headers["x-gate"]


async def taken(request: Request) -> Any:
    return notes


async def open_gate(request: Request) -> Any:
    gates[name_of(request)].set()


async def one(request: Request) -> Response:
    return JSONResponse("answered", background=BackgroundTask(note, name_of(request), "plain", twice=True))


async def in_order(request: Request) -> Response:
    name = name_of(request)
    gates[name] = threading.Event()
    tasks = BackgroundTasks([BackgroundTask(wait_at_gate, name)])
    tasks.add_task(note, name, "1")
    tasks.add_task(note_async, name, "2")
    tasks.add_task(note, name, "3")
    return JSONResponse("answered", status_code=202, background=tasks)


async def failing(request: Request) -> Response:
    name = name_of(request)
    tasks = BackgroundTasks()
    tasks.add_task(note, name, "before the failure")
    tasks.add_task(fail)
    tasks.add_task(note, name, "after the failure")
    return JSONResponse("answered", background=tasks)


async def after_stream(request: Request) -> Response:
    name = name_of(request)

    def pieces() -> Any:
        yield "a"
        note(name, "streamed")
        yield "b"

    return StreamingResponse(pieces(), background=BackgroundTask(note, name, "after the stream"))


async def sees_client_gone(request: Request) -> Response:
    async def look() -> None:
        note(name_of(request), f"disconnected: {await request.is_disconnected()}")

    await request.body()
    return JSONResponse("answered", background=BackgroundTask(look))
