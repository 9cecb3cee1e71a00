"""Runs the endpoint that a request names in `x-endpoint`: `headers.repeated` is that function of `endpoints/headers.py`.

The very same functions answer under plain Starlette (`reference.py`) and in our predictors.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


async def seen_by_endpoint(request: Request) -> Any:
    """What the endpoint returned: a response, or a value that says what it saw of its request."""
    module, _, function = request.headers["x-endpoint"].partition(".")
    return await getattr(import_module(f"endpoints.{module}"), function)(request)


async def answer(request: Request) -> Response:
    """The endpoint's response; a value becomes JSON."""
    seen = await seen_by_endpoint(request)
    return seen if isinstance(seen, Response) else JSONResponse(seen)
