"""Exceptions as answers."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response


async def unauthorized(request: Request) -> Response:
    raise HTTPException(401, headers={"WWW-Authenticate": 'Basic realm="x"'})


async def not_acceptable(request: Request) -> Response:
    raise HTTPException(status_code=406)


async def with_detail(request: Request) -> Response:
    raise HTTPException(422, detail="no größe")


async def no_content(request: Request) -> Response:
    raise HTTPException(204)


async def not_modified(request: Request) -> Response:
    raise HTTPException(304, headers={"etag": '"1"'})


class OutOfCredit(HTTPException):
    def __init__(self) -> None:
        super().__init__(402, detail="out of credit", headers={"x-credit": "0"})


async def subclass(request: Request) -> Response:
    raise OutOfCredit


async def unexpected(request: Request) -> Response:
    raise ValueError("a secret")


async def json_error(request: Request) -> Response:
    await request.json()
    raise AssertionError("it was JSON")


async def no_text(request: Request) -> Response:
    raise HTTPException(400, detail={"why": "no cat"})  # type: ignore[arg-type]
