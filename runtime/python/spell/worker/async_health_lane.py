"""Asks an overridden async `health`."""

from __future__ import annotations

import asyncio
from typing import Any, Callable

from spell.worker.job import Job
from spell.worker.request_errors import too_slow
from spell.worker.surroundings import Surroundings


class AsyncHealthLane:
    """Runs an async `health` on the event loop."""

    def __init__(self, health: Callable[[Job], Any], around: Surroundings, limit_s: float) -> None:
        self._health = health
        self._delivery, loops, self._waiting, _, self._writer = around
        self._loop = loops()
        self._limit_s = limit_s

    def put(self, job: Job) -> None:
        """Begins a job."""
        self._waiting.pop(job.id, None)
        self._loop.submit(job, lambda: self._answer(job))

    def cancel(self, id: int) -> None:
        """The client is gone: its task is cancelled."""
        self._loop.cancel(id)

    async def _answer(self, job: Job) -> None:
        loop = self._loop
        loop.unanswered(job.id)
        work = None
        try:
            result = await asyncio.wait_for(self._health(job), self._limit_s)
            work = self._delivery.answer(job, result)
        except asyncio.TimeoutError:
            self._writer.append(too_slow(job, self._limit_s))
        except BaseException as error:
            if loop.was_cancelled(job.id):
                self._delivery.drop(job)
            else:
                self._delivery.fail(job, "health", error)
        finally:
            loop.answered(job.id)
            self._writer.flush()
        if work is not None:
            await work()
