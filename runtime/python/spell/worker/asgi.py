"""Makes Starlette's objects of a request. Imported only for predictors that ask for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import Any, Callable
from urllib.parse import unquote

from starlette.requests import Request

from spell.worker.application import application_of
from spell.worker.job import Job

Receive = Callable[[], Awaitable[Any]]

_EMPTY_HEAD: dict[str, Any] = {
    "method": "POST",
    "scheme": "http",
    "httpVersion": "1.1",
    "rawPath": "/",
    "query": "",
    "headers": [],
    "client": None,
    "server": ["127.0.0.1", 80],
}
"""For a response that runs as an application in a predictor that did not ask for its requests' heads."""


def request_maker(wanted: Any) -> Callable[[Job], Request]:
    """What makes the request for a parameter: Starlette's own, or the subclass that its annotation names."""
    kind: type[Request] = wanted or Request
    return lambda job: kind(scope_of(job), receiver(job))


def scope_of(job: Job) -> dict[str, Any]:
    """The ASGI scope (https://asgi.readthedocs.io/en/latest/specs/www.html)."""
    head = json.loads(job.head) if job.head else _EMPTY_HEAD
    client = head["client"]
    path = unquote(head["rawPath"])
    application = application_of(path)
    return {
        "type": "http",
        # From 2.4 on a response learns from `send` that its client is gone. Here its task is cancelled.
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": head["httpVersion"],
        "method": head["method"],
        "scheme": head["scheme"],
        "path": path,
        "raw_path": head["rawPath"].encode("latin-1"),
        "query_string": head["query"].encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head["headers"]],
        "client": None if client is None else tuple(client),
        "server": tuple(head["server"]),
        "state": {},
        "app": application,
        "router": application,
    }


def receiver(job: Job) -> Receive:
    """Gives the body once, or as it comes, and then that the client is gone, when it is. A whole one needs no
    particular loop, so a plain method may use `asyncio.run(request.body())`."""
    stream = job.stream
    given = False

    async def receive() -> Any:
        nonlocal given
        if job.cancelled or job.answered:
            return {"type": "http.disconnect"}
        if stream is not None:
            return await stream.receive()
        if given:
            await asyncio.get_running_loop().create_future()  # Ends by cancellation, when the client goes.
        given = True
        return {"type": "http.request", "body": job.body, "more_body": False}

    return receive
