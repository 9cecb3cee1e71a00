"""What a request shows of its head."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request


async def repeated(request: Request) -> Any:
    values = request.headers
    return {
        "first": values["x-tag"],
        "all": values.getlist("X-TAG"),
        "items": [v for k, v in values.items() if k == "x-tag"],
    }


async def lookups(request: Request) -> Any:
    headers = request.headers
    return [
        headers["X-Mixed"],
        headers.get("x-MIXED"),
        "X-MIXED" in headers,
        "x-other" in headers,
        headers.get("x-other", "none"),
    ]


async def raw(request: Request) -> Any:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers.raw]


async def value(request: Request) -> Any:
    return request.headers["x-value"]


async def client(request: Request) -> Any:
    assert request.client is not None
    return {
        "host": request.client.host,
        "port": request.client.port,
        "same": tuple(request.client) == request["client"],
    }


async def forwarded(request: Request) -> Any:
    assert request.client is not None
    return {
        "host": request.client.host,
        "port": request.client.port,
        "url": str(request.url),
        "base": str(request.base_url),
    }


async def protocol(request: Request) -> Any:
    return [request.method, request["http_version"], request["type"], request["asgi"]["version"]]


async def scope(request: Request) -> Any:
    """The request is a mapping of the ASGI scope."""
    known = ["type", "asgi", "http_version", "server", "client", "scheme", "method", "root_path", "path"]
    known += ["raw_path", "query_string", "headers", "state", "app", "router"]
    return {"keys": [key for key in known if key in request], "same": request["path"] == request.scope["path"]}


async def state(request: Request) -> Any:
    before = hasattr(request.state, "kept")
    request.state.kept = 123
    again = Request(request.scope)
    return [before, request.state.kept, again.state.kept, request["state"]["kept"]]


async def empty_state(request: Request) -> Any:
    """The former request's state is gone."""
    return request["state"]
