"""Answers for requests that failed in the worker."""

from __future__ import annotations

from typing import Any

from spell.worker import frames
from spell.worker.current_request import name_in_log
from spell.worker.job import Job
from spell.worker.json_text import BadResult
from spell.worker.loaded import is_instance_of
from spell.worker.log_stream import log_error
from spell.worker.scalar_checks import InvalidPayload
from spell.worker.traceback_text import user_traceback


def refused(job: Job, code: str, message: str, fields: list[tuple[str, str]] | None = None) -> bytes:
    """The ERROR frame of a request that cannot be answered, for a reason that its client may know."""
    answer: dict[str, Any] = {"code": code, "message": message}
    if fields is not None:
        answer["fields"] = [{"path": path, "message": text} for path, text in fields]
    return frames.error(job, answer)


def too_slow(job: Job, limit_s: float) -> bytes:
    """The ERROR frame of a `health` that takes too long."""
    return refused(job, "unhealthy", f"health has not answered within {limit_s:g} s")


def failed(job: Job, method: str, error: BaseException, *, tell_log: bool = True) -> bytes:
    """The frame that answers a request whose method raised, or returned what cannot be sent.

    An unexpected exception's traceback goes to the log, and into the frame for `--debug`; never into the message.
    `tell_log` is false where the log has it already, from another request of the same batch.
    """
    if _is_http_exception(error):
        from spell.worker.whole_response import http_exception_answer

        try:
            return http_exception_answer(job, error)
        except BadResult as wrong:
            error = wrong
    if isinstance(error, InvalidPayload):
        return refused(job, "invalid-payload", str(error), error.fields)
    if isinstance(error, BadResult):
        text = f"{method} returned what cannot be sent: {error}"
        if tell_log:
            log_error(f"{text}\n")
        return refused(job, "bad-result", text)
    text = user_traceback(error)
    if tell_log:
        log_error(text)
    code = "unhealthy" if method == "health" else "predictor-error"
    message = f"{method} raised {type(error).__name__}; see the log for {name_in_log(job.request_id)}"
    return frames.error(job, {"code": code, "message": message, "traceback": text})


def _is_http_exception(error: BaseException) -> bool:
    """Starlette's way to answer with a status."""
    return is_instance_of(error, "starlette.exceptions", "HTTPException")
