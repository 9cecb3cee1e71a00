"""Starlette responses whose body is there at once. Imported only where there is such a response."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from spell.worker.frames import response_with_head
from spell.worker.job import Job
from spell.worker.json_text import BadResult

_LABELS = ("application/json", "text/plain; charset=utf-8", "application/octet-stream")
"""As `contentTypes` in `http-caller.ts`."""


def is_whole(response: Response) -> bool:
    """Whether its status, headers and body say everything, so that it needs not be run as an application."""
    return type(response).__call__ is Response.__call__ and hasattr(response, "body")


def whole_answer(job: Job, response: Response) -> bytes:
    """The RESPONSE frame of such a response. Raises BadResult for a status that is none."""
    return response_with_head(
        job,
        checked_status(response.status_code),
        text_headers(response.raw_headers),
        bytes(response.body),
        more=False,
    )


def labelled_response(body: bytes, kind: int) -> Response:
    """A body with the label that the gateway gives its kind (one of the frames' BODY constants)."""
    return Response(body, headers={"content-type": _LABELS[kind]})


def http_exception_answer(job: Job, error: Any) -> bytes:
    """An HTTPException's answer, as Starlette makes it: its status, its headers, its detail as text."""
    status, headers = error.status_code, getattr(error, "headers", None)
    if status in (204, 304):
        return whole_answer(job, Response(status_code=status, headers=headers))
    if isinstance(error.detail, str):
        return whole_answer(job, PlainTextResponse(error.detail, status, headers))
    return whole_answer(
        job, JSONResponse({"detail": json.loads(json.dumps(error.detail, default=str))}, status, headers)
    )


def checked_status(status: Any) -> int:
    """The status, if HTTP has it as that of a final answer."""
    if isinstance(status, int) and 200 <= status <= 599:
        return int(status)
    raise BadResult(f"a response has the status {status!r}; allowed are 200 to 599")


def text_headers(raw: Any) -> list[tuple[str, str]]:
    """ASGI's headers as the wire carries them."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
