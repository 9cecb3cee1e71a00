"""Asks an overridden plain `health`: on a thread beside `predict`, never behind it."""

from __future__ import annotations

import queue
import threading
from typing import Any, Callable

from spell.worker.current_request import current_request
from spell.worker.job import Job
from spell.worker.request_errors import too_slow
from spell.worker.surroundings import Surroundings


class SyncHealthLane:
    """Runs a plain `health` on a thread of its own, one call at a time. One that takes too long is given up on: its
    request is answered, and so are the next ones until it returns."""

    def __init__(self, health: Callable[[Job], Any], around: Surroundings, limit_s: float) -> None:
        self._health = health
        self._delivery, self._loops, self._waiting, _, self._writer = around
        self._limit_s = limit_s
        self._queue: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._running: Job | None = None
        self._cancelled = 0
        self._claims: dict[int, bool] = {}
        self._thread: threading.Thread | None = None

    def put(self, job: Job) -> None:
        """Queues a job, unless an earlier call is stuck."""
        running = self._running
        if running is not None and running.id not in self._claims:
            self._waiting.pop(job.id, None)
            self._writer.send(too_slow(job, self._limit_s))
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="spell-health", daemon=True)
            self._thread.start()
        self._queue.put(job)

    def cancel(self, id: int) -> None:
        """The client is gone."""
        if id in self._claims:
            self._cancelled = id

    def _run(self) -> None:
        while True:
            job = self._queue.get()
            if self._waiting.pop(job.id, None) is None:
                continue
            self._claims[job.id] = True
            self._running = job
            current_request.set(job.request_id)
            timer = threading.Timer(self._limit_s, self._give_up, (job,))
            timer.daemon = True
            timer.start()
            self._ask(job)
            timer.cancel()
            self._running = None
            current_request.set(b"")

    def _ask(self, job: Job) -> None:
        try:
            result = self._health(job)
        except BaseException as error:
            if self._claims.pop(job.id, False):
                self._delivery.fail(job, "health", error)
                self._writer.flush()
            return
        if not self._claims.pop(job.id, False):
            return
        if self._cancelled == job.id:
            self._delivery.drop(job)
        else:
            self._deliver(job, result)
        self._writer.flush()

    def _deliver(self, job: Job, result: Any) -> None:
        try:
            work = self._delivery.answer(job, result)
        except Exception as error:
            self._delivery.fail(job, "health", error)
            return
        if work is not None:
            self._writer.flush()
            self._loops().submit(job, work)

    def _give_up(self, job: Job) -> None:
        if self._claims.pop(job.id, False):
            self._writer.send(too_slow(job, self._limit_s))
