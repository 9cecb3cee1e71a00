"""Sends what a method returned, whatever kind of result it is."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Callable

from spell.worker.answers import JSON_TYPES, is_starlette_response, plain_answer
from spell.worker.frames import BODY_JSON, EMPTY, STREAM_WINDOW_BYTES, frame, response
from spell.worker.job import Job
from spell.worker.json_text import encode
from spell.worker.lazy_loop import LazyEventLoop
from spell.worker.request_errors import failed
from spell.worker.writer import FrameWriter

Work = Callable[[], Coroutine[Any, Any, None]]
"""What is left to be done on the event loop, after (or for) an answer."""


class Delivery:
    """Turns results into frames. Most are whole at once; streams and background tasks leave work for the loop. Large
    answers are streamed, too: they stay here until their clients take them, and are never whole in the gateway."""

    def __init__(self, writer: FrameWriter, loops: LazyEventLoop) -> None:
        self._writer = writer
        self._append = writer.append
        self._loops = loops

    def answer(self, job: Job, result: Any) -> Work | None:
        """Appends the answer, or as much of it as is there. Raises BadResult before anything was appended."""
        if type(result) in JSON_TYPES:
            body = encode(result)
            if len(body) > STREAM_WINDOW_BYTES:
                return self._large(job, body, BODY_JSON)
            self._append(response(job, body, BODY_JSON))
            return None if job.tasks is None else self._background(job, None)
        if not is_starlette_response(result):
            body, kind = plain_answer(result)
            if len(body) > STREAM_WINDOW_BYTES:
                return self._large(job, body, kind)
            self._append(response(job, body, kind))
            return self._background(job, None)
        from spell.worker.whole_response import is_whole, whole_answer

        if not is_whole(result) or len(result.body) > STREAM_WINDOW_BYTES:
            return lambda: self._streamed(job, result)
        self._append(whole_answer(job, result))
        return self._background(job, result.background)

    def fail(self, job: Job, method: str, error: BaseException, *, tell_log: bool = True) -> None:
        """Appends the answer of a method that raised. Its background tasks do not run, as in Starlette."""
        self._append(failed(job, method, error, tell_log=tell_log))

    def tasks_of(self, call: Job) -> Work | None:
        """What is left of a call that had no answer of its own: that of a batch."""
        return None if call.tasks is None else self._background(call, None)

    def drop(self, job: Job) -> None:
        """Appends the empty answer of a request whose client is gone."""
        self._writer.append(frame(EMPTY, job.id))

    def _background(self, job: Job, own: Any) -> Work | None:
        """The response's own tasks first, then the injected ones."""
        tasks = [each for each in (own, job.tasks) if each is not None]
        if job.tasks is not None and not job.tasks.tasks:
            tasks.remove(job.tasks)
        job.answered = bool(tasks)
        return (lambda: _in_background(tasks)) if tasks else None

    def _large(self, job: Job, body: bytes, kind: int) -> Work:
        from spell.worker.whole_response import labelled_response

        return lambda: self._streamed(job, labelled_response(body, kind))

    def _streamed(self, job: Job, response: Any) -> Coroutine[Any, Any, None]:
        from spell.worker.after_answer import stream_response

        return stream_response(job, response, self._loops(), self._writer)


def _in_background(tasks: list[Any]) -> Coroutine[Any, Any, None]:
    from spell.worker.after_answer import run_tasks

    return run_tasks(tasks)
