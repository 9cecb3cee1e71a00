"""Decides when a batch begins, and with which requests."""

from __future__ import annotations

import threading
from time import monotonic
from typing import Any, Callable, NamedTuple

from spell.worker.frames import RELEASED_DRAIN, RELEASED_FULL, RELEASED_TIMEOUT, RELEASED_WORKER_FREE
from spell.worker.job import Job
from spell.worker.left_behind import BegunCounter


class Batch(NamedTuple):
    """Requests that run together."""

    jobs: list[Job]
    reason: int
    """Why it began when it did: one of the frames' RELEASED constants."""
    number: int
    """Counted from 1 in this worker."""
    id: bytes
    """What people call it, within its pod."""


class BatchLimits(NamedTuple):
    """What the model server's settings say of batches."""

    max_size: int
    window_s: float | None
    """How long the first request waits for company (policy `fixed`); None: nobody waits for company (`adaptive`)."""
    isolation: bool
    """Whether a batch of several that raises runs again in parts."""
    prefix: str = ""
    """What the ids of this worker's batches begin with."""


def batch_limits(start: dict[str, Any]) -> BatchLimits | None:
    """What START says of batches; None: there are none."""
    message = start.get("batching")
    if message is None:
        return None
    window_s = None if message["windowMs"] is None else message["windowMs"] / 1000
    return BatchLimits(message["maxSize"], window_s, message["isolation"], start["batchPrefix"])


def keeps_bodies(limits: BatchLimits | None, *, prepares: bool) -> bool:
    """Whether requests keep their bodies until they are answered, to be parsed anew when their batch runs again."""
    return limits is not None and limits.isolation and not prepares


class Forming:
    """The requests that wait for a batch, in their order. Any thread may call any method.

    The window of the policy `fixed` begins when the oldest request that waits arrived, also while the predictor still
    runs the batch before.
    """

    def __init__(
        self,
        limits: BatchLimits,
        unclaimed: dict[int, Job],
        begun: BegunCounter,
        *,
        most_running: int = 1,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`unclaimed` holds what may be put here and was not given up: whoever takes a request out of it owns it, be it
        a batch, a cancellation or a recall. `begun` hears of every batch before its predictor does."""
        self._limits = limits
        self._unclaimed = unclaimed
        self._begun = begun
        self._most_running = most_running
        self._clock = clock
        self._lock = threading.Lock()
        self._queue: dict[int, tuple[Job, float]] = {}
        self._running = 0
        self._formed = 0
        self._draining = False

    @property
    def empty(self) -> bool:
        """Whether nothing waits and nothing runs."""
        return not self._queue and self._running == 0

    def put(self, job: Job) -> None:
        """Queues a request; from now on it waits for company."""
        with self._lock:
            self._queue[job.id] = (job, self._clock())

    def discard(self, id: int) -> None:
        """Forgets a request that somebody else claimed."""
        with self._lock:
            self._queue.pop(id, None)

    def drain(self) -> None:
        """From now on nobody waits for company."""
        self._draining = True

    def poll(self) -> Batch | None:
        """The next batch, if one is due and its predictor is free: it runs until `done`."""
        with self._lock:
            while self._queue and self._running < self._most_running:
                reason = self._reason()
                if reason is None:
                    return None
                jobs = self._take()
                if jobs:
                    self._running += 1
                    self._formed += 1
                    self._begun[0] = jobs[-1].ordinal
                    return Batch(jobs, reason, self._formed, f"{self._limits.prefix}{self._formed}".encode())
            return None

    def done(self) -> None:
        """A batch has been answered."""
        with self._lock:
            self._running -= 1

    def due(self) -> float | None:
        """Seconds until `poll` gives a batch even if nothing more arrives; None: it will not."""
        with self._lock:
            if not self._queue or self._running >= self._most_running or self._limits.window_s is None:
                return None
            _, arrived_at = next(iter(self._queue.values()))
            return max(0.0, arrived_at + self._limits.window_s - self._clock())

    def _reason(self) -> int | None:
        job, arrived_at = next(iter(self._queue.values()))
        window_s = self._limits.window_s
        if len(self._queue) >= self._limits.max_size:
            return RELEASED_FULL
        if job.alone or window_s is None:
            return RELEASED_WORKER_FREE
        if self._draining:
            return RELEASED_DRAIN
        return RELEASED_TIMEOUT if self._clock() - arrived_at >= window_s else None

    def _take(self) -> list[Job]:
        jobs: list[Job] = []
        for job, _ in list(self._queue.values()):
            if len(jobs) == self._limits.max_size or (job.alone and jobs):
                break
            del self._queue[job.id]
            if self._unclaimed.pop(job.id, None) is None:
                continue
            jobs.append(job)
            if job.alone:
                break
        return jobs
