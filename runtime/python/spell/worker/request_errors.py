"""Answers for requests that failed in the worker: ERROR frames, from which the gateway makes the error's body."""

from __future__ import annotations

import sys
from typing import Any

from spell.worker.frames import ERROR, json_frame
from spell.worker.traceback_text import user_traceback


def refused(request: int, code: str, message: str, fields: list[dict[str, str]] | None = None) -> bytes:
    """The ERROR frame of a request that cannot be answered, for a reason that its client may know."""
    error: dict[str, Any] = {"code": code, "message": message}
    if fields is not None:
        error["fields"] = fields
    return json_frame(ERROR, request, error)


def raised(request: int, request_id: bytes, code: str, method: str, error: BaseException) -> bytes:
    """The ERROR frame of a method that raised. The traceback goes to the log, and into the frame for `--debug`."""
    text = user_traceback(error)
    sys.stderr.write(text)
    name = request_id.decode("latin-1")
    message = f"{method} raised {type(error).__name__}; the log has its traceback (request {name})"
    return json_frame(ERROR, request, {"code": code, "message": message, "traceback": text})
