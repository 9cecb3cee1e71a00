"""What the event loop does for an answer, or after it: streams and background tasks."""

from __future__ import annotations

import asyncio
from typing import Any

from spell.worker.event_loop import EventLoop
from spell.worker.frames import EMPTY, frame
from spell.worker.job import Job
from spell.worker.log_stream import log_error
from spell.worker.request_errors import failed
from spell.worker.streamed_response import ResponseStream
from spell.worker.traceback_text import user_traceback
from spell.worker.writer import FrameWriter


async def stream_response(job: Job, response: Any, loop: EventLoop, writer: FrameWriter) -> None:
    """Runs a response as an application, then the job's injected tasks."""

    def on_answered() -> None:
        job.answered = True
        loop.answered(job.id)

    stream = ResponseStream(job, response, writer, on_answered)
    loop.unanswered(job.id)
    loop.expect_credit(job.id, stream.credit)
    try:
        await stream.run()
    except asyncio.CancelledError:
        if not stream.begun:
            writer.append(frame(EMPTY, job.id))
    except BaseException as error:
        if stream.begun:
            log_error(user_traceback(error))
        else:
            writer.append(failed(job, "the response", error))
    whole = stream.ended
    loop.answered(job.id)
    writer.flush()
    if not whole:
        await _break_off(stream)
    if whole and job.tasks is not None:
        await run_tasks([job.tasks])


async def _break_off(stream: ResponseStream) -> None:
    try:
        await stream.break_off()
    except BaseException as error:
        log_error(user_traceback(error))


async def run_tasks(tasks: list[Any]) -> None:
    """Runs them in order; a failing one is told to the log, since no client is left to be told."""
    for task in tasks:
        try:
            await task()
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            log_error(f"a background task failed\n{user_traceback(error)}")
