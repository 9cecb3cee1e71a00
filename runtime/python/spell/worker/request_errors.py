"""Answers for requests that failed in the worker."""

from __future__ import annotations

from typing import Any

from spell.worker.frames import ERROR, json_frame
from spell.worker.job import Job
from spell.worker.json_text import BadResult
from spell.worker.loaded import is_instance_of
from spell.worker.log_stream import log_error
from spell.worker.scalar_checks import InvalidPayload
from spell.worker.traceback_text import user_traceback


def refused(request: int, code: str, message: str, fields: list[tuple[str, str]] | None = None) -> bytes:
    """The ERROR frame of a request that cannot be answered, for a reason that its client may know."""
    error: dict[str, Any] = {"code": code, "message": message}
    if fields is not None:
        error["fields"] = [{"path": path, "message": text} for path, text in fields]
    return json_frame(ERROR, request, error)


def too_slow(request: int, limit_s: float) -> bytes:
    """The ERROR frame of a `health` that takes too long."""
    return refused(request, "unhealthy", f"health has not answered within {limit_s:g} s")


def failed(job: Job, method: str, error: BaseException, *, tell_log: bool = True) -> bytes:
    """The frame that answers a request whose method raised, or returned what cannot be sent.

    An unexpected exception's traceback goes to the log, and into the frame for `--debug`; never into the message.
    `tell_log` is false where the log has it already, from another request of the same batch.
    """
    if _is_http_exception(error):
        from spell.worker.whole_response import http_exception_answer

        try:
            return http_exception_answer(job.id, error)
        except BadResult as wrong:
            error = wrong
    if isinstance(error, InvalidPayload):
        return refused(job.id, "invalid-payload", str(error), error.fields)
    if isinstance(error, BadResult):
        text = f"{method} returned what cannot be sent: {error}"
        if tell_log:
            log_error(f"{text}\n")
        return refused(job.id, "bad-result", text)
    text = user_traceback(error)
    if tell_log:
        log_error(text)
    code = "unhealthy" if method == "health" else "predictor-error"
    name = job.request_id.decode("latin-1")
    message = f"{method} raised {type(error).__name__}; see the log for request {name}"
    return json_frame(ERROR, job.id, {"code": code, "message": message, "traceback": text})


def _is_http_exception(error: BaseException) -> bool:
    """Starlette's way to answer with a status."""
    return is_instance_of(error, "starlette.exceptions", "HTTPException")
