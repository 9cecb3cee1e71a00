"""Responses whose body is there at once."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response


async def text(request: Request) -> Response:
    return PlainTextResponse("größe", status_code=201)


async def html(request: Request) -> Response:
    return HTMLResponse("<p>ü</p>")


async def json(request: Request) -> Response:
    return JSONResponse({"größe": [1, 2.5, None, True], "nested": {"a": "b"}})


async def json_null(request: Request) -> Response:
    return JSONResponse(None)


async def octets(request: Request) -> Response:
    return Response(bytes(range(256)), media_type="image/png")


async def view(request: Request) -> Response:
    return Response(memoryview(b"seen through"))


async def untyped(request: Request) -> Response:
    return Response("no media type")


async def own_charset(request: Request) -> Response:
    return Response("x", media_type="text/plain; charset=latin-1")


async def own_type(request: Request) -> Response:
    return Response(
        '{"a": 1}', headers={"Content-Type": "application/problem+json", "X-Header-1": "123", "x-header-2": "456"}
    )


async def latin_header(request: Request) -> Response:
    return Response("x", headers={"x-name": "Zoë"})


async def changed_headers(request: Request) -> Response:
    response = PlainTextResponse("x", headers={"x-first": "1", "x-gone": "1"})
    response.headers["x-first"] = "2"
    response.headers.append("x-many", "a")
    response.headers.append("x-many", "b")
    del response.headers["x-gone"]
    response.headers.add_vary_header("accept")
    return response


async def nothing(request: Request) -> Response:
    return Response(status_code=204)


async def not_modified(request: Request) -> Response:
    return Response(status_code=304, headers={"etag": '"abc"'})


async def empty(request: Request) -> Response:
    return Response()


async def redirect(request: Request) -> Response:
    return RedirectResponse("/I ♥ Starlette/?a=b&c=%20")


async def see_other(request: Request) -> Response:
    return RedirectResponse(
        request.url.replace(path="/local/other/predict"), status_code=303, headers={"x-why": "moved"}
    )


async def closing(request: Request) -> Response:
    return PlainTextResponse("bye", headers={"connection": "close"})


async def unusual(request: Request) -> Response:
    return PlainTextResponse("short and stout", status_code=418)


class Csv(Response):
    """A subclass with a media type and a `render` of its own."""

    media_type = "text/csv"

    def render(self, content: Any) -> bytes:
        return "\n".join(",".join(str(cell) for cell in row) for row in content).encode(self.charset)


async def custom(request: Request) -> Response:
    return Csv([[1, 2], ["ä", None]], headers={"content-disposition": 'attachment; filename="table.csv"'})


class Negotiated(Response):
    """A subclass that decides as an application, by what the request's head says."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        accepted = dict(scope["headers"]).get(b"accept", b"")
        chosen = JSONResponse({"chosen": "json"}) if b"json" in accepted else PlainTextResponse("chosen: text")
        await chosen(scope, receive, send)


async def negotiated(request: Request) -> Response:
    return Negotiated()


class Messages(Response):
    """A subclass that speaks ASGI itself."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 203, "headers": [(b"x-own", b"1"), (b"X-Own", b"2")]})
        await send({"type": "http.response.body", "body": b"first ", "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": True})
        await send({"type": "http.response.body", "body": b"second"})


async def messages(request: Request) -> Response:
    return Messages()


async def wrong_length(request: Request) -> Response:
    return PlainTextResponse("hello", headers={"content-length": "99", "x-request-id": "another"})
