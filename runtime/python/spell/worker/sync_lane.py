"""Runs a plain `predict`: one call at a time, on the main thread, where libraries expect to be."""

from __future__ import annotations

import queue
from time import perf_counter
from typing import Any, Callable, MutableSequence

from spell.worker.job import Job
from spell.worker.writer import FrameWriter

_FLUSH_AFTER_S = 0.0005


class SyncLane:
    """The queue between the reader thread, which puts jobs, and the main thread, which runs them."""

    def __init__(
        self,
        predict: Callable[[Job], Any],
        answer: Callable[[Job, Any], None],
        fail: Callable[[Job, BaseException], None],
        waiting: dict[int, Job],
        begun: MutableSequence[int],
        writer: FrameWriter,
    ) -> None:
        self._predict = predict
        self._answer = answer
        self._fail = fail
        self._waiting = waiting
        self._begun = begun
        self._writer = writer
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.put = self._queue.put
        """Queues a job; None ends `run` after those before it."""
        self.busy = False
        """Whether `run` has something to do. While it is, the reader looks after answers that wait too long."""

    def run(self) -> None:
        """Answers jobs until None comes."""
        get, is_empty = self._queue.get, self._queue.empty
        take = self._waiting.pop
        predict, answer, begun, writer = self._predict, self._answer, self._begun, self._writer
        burst_began = 0.0
        while True:
            if is_empty():
                writer.flush()
                self.busy = False
                job = get()
                self.busy = True
                burst_began = perf_counter()
            else:
                job = get()
            if job is None:
                break
            if take(job.id, None) is None:
                continue  # Cancelled or recalled, and answered by the reader.
            begun[0] = job.ordinal
            try:
                answer(job, predict(job))
            except BaseException as error:
                self._fail(job, error)
            if perf_counter() - burst_began > _FLUSH_AFTER_S:
                writer.flush()
                burst_began = perf_counter()
        writer.flush()
