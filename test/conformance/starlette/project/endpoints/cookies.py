"""Cookies, both ways."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


async def sent(request: Request) -> Any:
    return request.cookies


async def several(request: Request) -> Response:
    response = JSONResponse({"cookies": 3})
    response.set_cookie("session", "abc")
    response.set_cookie("theme", "dark mode", max_age=60, path="/local", domain="example.com")
    response.set_cookie("token", 'a"b;c', secure=True, httponly=True, samesite="strict")
    return response


async def without_attributes(request: Request) -> Response:
    response = Response("one")
    response.set_cookie("plain", "1", path=None, samesite=None)
    return response


async def expiring(request: Request) -> Response:
    response = Response("later")
    response.set_cookie("kept", "1", expires="Tue, 19 Jan 2038 03:14:07 GMT", max_age=10)
    return response


async def deleted(request: Request) -> Response:
    response = Response("gone", status_code=202)
    response.delete_cookie("session", path="/local", domain="example.com", httponly=True)
    return response
