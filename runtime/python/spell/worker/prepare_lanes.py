"""Runs `prepare` before the batch forms, beside `predict`."""

from __future__ import annotations

import queue
import threading
from time import perf_counter
from typing import Protocol

from spell.worker.current_request import current_request
from spell.worker.event_loop import EventLoop
from spell.worker.job import Job
from spell.worker.lanes import BatchedLane
from spell.worker.lazy_loop import LazyEventLoop
from spell.worker.prepared import Prepare, Prepared


class Stage(Protocol):
    """What prepares requests."""

    def put(self, job: Job) -> None:
        """Takes a job."""


class ThreadStage:
    """A plain `prepare`: one call at a time, on a thread of its own."""

    def __init__(self, prepare: Prepare, prepared: Prepared, lane: BatchedLane, loops: LazyEventLoop) -> None:
        self._prepare = prepare
        self._prepared = prepared
        self._lane = lane
        self._loops = loops
        self._queue: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.put = self._queue.put
        """Queues a job."""
        threading.Thread(target=self._run, name="spell-prepare", daemon=True).start()

    def _run(self) -> None:
        while True:
            job = self._queue.get()
            if not self._prepared.claim(job):
                continue
            current_request.set(job.request_id)
            began_s = perf_counter()
            try:
                value = self._prepare(job)
                job.prepared_s = perf_counter() - began_s
                work = self._prepared.accept(job, value, self._lane)
                if work is not None:
                    self._loops().submit(job, work)
            except BaseException as error:
                job.prepared_s = perf_counter() - began_s
                self._prepared.fail(job, error)
            current_request.set(b"")


class LoopStage:
    """An async `prepare`: as many calls at a time as requests are here, on the event loop."""

    def __init__(self, prepare: Prepare, prepared: Prepared, lane: BatchedLane, loop: EventLoop) -> None:
        self._prepare = prepare
        self._prepared = prepared
        self._lane = lane
        self._loop = loop

    def put(self, job: Job) -> None:
        """Begins a job in the loop's next turn."""
        self._loop.loop.call_soon_threadsafe(self._begin, job)

    def _begin(self, job: Job) -> None:
        if self._prepared.claim(job):
            self._loop.spawn(job, lambda: self._run(job))

    async def _run(self, job: Job) -> None:
        self._loop.unanswered(job.id)
        work = None
        began_s = perf_counter()
        try:
            value = await self._prepare(job)
            job.prepared_s = perf_counter() - began_s
            self._loop.answered(job.id)
            work = self._prepared.accept(job, value, self._lane)
        except BaseException as error:
            job.prepared_s = perf_counter() - began_s
            self._prepared.fail(job, error)
        finally:
            self._loop.answered(job.id)
        if work is not None:
            await work()


class PreparedLane:
    """A lane of batches whose requests go through `prepare` first."""

    def __init__(self, stage: Stage, prepared: Prepared, lane: BatchedLane) -> None:
        self._prepared = prepared
        self._lane = lane
        self.put = stage.put
        """Queues a job to be prepared."""
        self.run = lane.run
        self.release = lane.release

    def wake(self) -> None:
        """Nothing joins the batch by merely arriving."""

    def withdraw(self, id: int) -> None:
        """A job that was not prepared yet was cancelled or recalled: the stage will see that it is gone."""

    def cancel(self, id: int) -> None:
        """The client of a begun job is gone."""
        self._prepared.cancel(id, self._lane)
        self._lane.cancel(id)

    def drain(self) -> None:
        """Ends `run` after what is queued."""
        self._lane.drain()
