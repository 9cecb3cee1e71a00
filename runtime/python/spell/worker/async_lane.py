"""Runs an async `predict`: many calls at a time, on the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from time import perf_counter
from typing import Any, Callable

from spell.worker.job import Job
from spell.worker.reading import Reading
from spell.worker.surroundings import Surroundings


class AsyncLane:
    """Hands jobs from the main thread, which reads them, to the loop, those of one burst at once."""

    def __init__(self, predict: Callable[[Job], Any], around: Surroundings) -> None:
        self._predict = predict
        self._delivery, loops, self._waiting, self._begun, self._writer = around
        self._loop = loops.make()
        self._arrived: deque[Job] = deque()
        self._woken = False
        self._flushing = False
        self._draining = False
        self._drained = threading.Event()

    def put(self, job: Job) -> None:
        """Queues a job."""
        self._arrived.append(job)
        if not self._woken:
            self._woken = True
            self._loop.loop.call_soon_threadsafe(self._take_all)

    def drain(self) -> None:
        """Ends `run` after the jobs that are queued."""
        self._draining = True
        self._loop.loop.call_soon_threadsafe(self._drained.set)

    def cancel(self, id: int) -> None:
        """The client of a begun job is gone: its task is cancelled."""
        self._loop.cancel(id)

    def run(self, reading: Reading) -> None:
        """Keeps the main thread until `drain`; signals reach the predictor's handlers meanwhile."""
        self._loop.start()
        reading.wait_while(lambda: not self._draining)
        self._drained.wait()

    def _take_all(self) -> None:
        self._woken = False
        arrived = self._arrived
        while arrived:
            job = arrived.popleft()
            if self._waiting.pop(job.id, None) is not None:
                self._begun[0] = job.ordinal
                self._loop.spawn(job, lambda job=job: self._answer(job))  # type: ignore[misc]

    async def _answer(self, job: Job) -> None:
        loop = self._loop
        loop.unanswered(job.id)
        work = None
        began = perf_counter()
        job.begins(began)
        try:
            result = await self._predict(job)
            job.ends(began, perf_counter())
            if loop.was_cancelled(job.id):
                self._delivery.drop(job)
            else:
                work = self._delivery.answer(job, result)
        except BaseException as error:
            job.ends(began, perf_counter())
            if loop.was_cancelled(job.id):
                self._delivery.drop(job)
            else:
                self._delivery.fail(job, "predict", error)
            if isinstance(error, asyncio.CancelledError):
                return
        finally:
            loop.answered(job.id)
            self._flush_soon()
        if work is not None:
            self._writer.flush()
            await work()

    def _flush_soon(self) -> None:
        if not self._flushing:
            self._flushing = True
            self._loop.loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        self._writer.flush()
