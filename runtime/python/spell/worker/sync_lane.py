"""Runs a plain `predict`: one call at a time, on the main thread, where libraries expect to be."""

from __future__ import annotations

from collections import deque
from time import perf_counter
from typing import Any, Callable

from spell.worker.current_request import current_request
from spell.worker.delivery import Work
from spell.worker.job import Job
from spell.worker.reading import Reading
from spell.worker.surroundings import Surroundings

_FLUSH_AFTER_S = 0.0005


class SyncLane:
    """The jobs that were read, by the main thread itself or by the watcher, until the main thread runs them."""

    def __init__(self, predict: Callable[[Job], Any], around: Surroundings) -> None:
        self._predict = predict
        self._delivery, self._loops, self._waiting, self._begun, self._writer = around
        self._queue: deque[Job] = deque()
        self._running: Job | None = None
        self._draining = False
        self.put: Callable[[Job], None] = self._queue.append
        """Queues a job."""

    def drain(self) -> None:
        """Ends `run` after the jobs that are queued."""
        self._draining = True

    def cancel(self, id: int) -> None:
        """The client of a begun job is gone. The call goes on, unless it asks, and its result is dropped."""
        job = self._running
        if job is not None and job.id == id:
            job.cancelled = True

    def run(self, reading: Reading) -> None:
        """Answers jobs until `drain`."""
        queue, next_job, wait, keep = self._queue, self._queue.popleft, reading.wait, self._writer.keep
        take, set_request = self._waiting.pop, current_request.set
        predict, writer, begun, answer = self._predict, self._writer, self._begun, self._delivery.answer
        burst_began = 0.0
        while True:
            if not queue:
                set_request(b"")
                writer.flush()
                if self._draining and not queue:
                    break
                wait()
                burst_began = perf_counter()
                continue
            now = perf_counter()
            if now - burst_began > _FLUSH_AFTER_S:
                # Else they would wait for the call that begins now.
                writer.flush()
                now = burst_began = perf_counter()
            else:
                # Else they would be lost if that call ended this process.
                keep()
            job = next_job()
            if take(job.id, None) is None:
                continue  # Cancelled or recalled, and answered when that was read.
            begun[0] = job.ordinal
            set_request(job.request_id)
            self._running = job
            job.waited_s = now - job.arrived_s  # As `Job.begins`, without the call.
            try:
                result = predict(job)
                job.predicted_s = perf_counter() - now
                if not job.cancelled:
                    work = answer(job, result)
                    if work is not None:
                        self._go_on(job, work)
                else:
                    self._delivery.drop(job)
            except BaseException as error:
                job.predicted_s = perf_counter() - now
                self._delivery.fail(job, "predict", error)
            self._running = None

    def _go_on(self, job: Job, work: Work) -> None:
        """Sends what there is, and leaves the rest to the event loop."""
        self._writer.flush()
        loop = self._loops()
        loop.submit(job, work)
        if job.cancelled:  # Since it was looked at last.
            loop.cancel(job.id)
