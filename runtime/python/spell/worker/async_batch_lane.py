"""Runs an async batched `predict`: a few batches at a time, on the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from time import perf_counter
from typing import Any, Callable

from spell.worker.batch_answers import answer_each, begin_all, call_of, fail_all, results_of, tell_isolation
from spell.worker.current_request import current_request
from spell.worker.forming import Batch, Forming
from spell.worker.frames import batch, isolated
from spell.worker.isolation import Isolation, fails_early
from spell.worker.job import Job
from spell.worker.json_text import BadResult
from spell.worker.log_stream import log_error
from spell.worker.reading import Reading
from spell.worker.renewal import Renew
from spell.worker.surroundings import Surroundings

MOST_BATCHES = 8
"""Batches that an async `predict` runs at a time (`asyncBatches` in `pool/worker.ts`): with more of them, each would be
a batch of one."""


class AsyncBatchLane:
    """Takes batches from `Forming` on the event loop."""

    def __init__(
        self,
        predict: Callable[[Job], Any],
        around: Surroundings,
        forming: Forming,
        *,
        isolation: bool,
        renew: Renew,
    ) -> None:
        self._predict = predict
        self._delivery, loops, _, _, self._writer = around
        self._loop = loops.make()
        self._forming = forming
        self._isolation = isolation
        self._renew = renew
        self._usual_s = 0.0
        self._released: deque[Batch] = deque()
        self._running: dict[int, Batch] = {}
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._woken = False
        self._draining = False
        self._drained = threading.Event()
        self.put = forming.put
        """Queues a job; it may be seen before `wake`, and is seen after it."""

    def wake(self) -> None:
        """Lets the loop look whether a batch is due."""
        if not self._woken:
            self._woken = True
            self._loop.loop.call_soon_threadsafe(self._pump)

    def cancel(self, id: int) -> None:
        """The client of a job is gone that runs: its result is dropped. A batch that nobody waits for is cancelled."""
        self._mark(id)
        # Once more in the loop's thread: it may be forming the batch just now.
        self._loop.loop.call_soon_threadsafe(self._cancel, id)

    def _mark(self, id: int) -> Batch | None:
        formed = self._running.get(id)
        if formed is not None:
            for job in formed.jobs:
                job.cancelled = job.cancelled or job.id == id
        return formed

    def _cancel(self, id: int) -> None:
        formed = self._mark(id)
        if formed is None:
            return
        task = self._tasks.get(formed.number)
        if task is not None and all(job.cancelled for job in formed.jobs):
            task.cancel()

    def withdraw(self, id: int) -> None:
        """A job that waits was cancelled or recalled, and answered."""
        self._forming.discard(id)

    def release(self) -> None:
        """The pod drains: what waits for company runs at once. It is claimed before this returns, so that a RECALL
        which follows leaves it here."""
        self._forming.drain()
        formed = self._forming.poll()
        while formed is not None:
            self._released.append(formed)
            formed = self._forming.poll()
        self.wake()

    def drain(self) -> None:
        """Ends `run` after what is queued."""
        self._draining = True
        self.release()

    def run(self, reading: Reading) -> None:
        """Keeps the main thread until `drain`; signals reach the predictor's handlers meanwhile."""
        self._loop.start()
        reading.wait_while(lambda: not self._draining)
        self._drained.wait()

    def _pump(self) -> None:
        self._woken = False
        while self._released:
            self._begin(self._released.popleft())
        formed = self._forming.poll()
        while formed is not None:
            self._begin(formed)
            formed = self._forming.poll()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self._forming.due()
        if due is not None:
            self._timer = self._loop.loop.call_later(due, self._pump)
        elif self._draining and self._forming.empty:
            self._drained.set()
        self._writer.flush()

    def _begin(self, formed: Batch) -> None:
        for job in formed.jobs:
            self._running[job.id] = formed
        self._writer.append(batch(formed.number, formed.reason, [job.id for job in formed.jobs]))
        if len(formed.jobs) > 1:  # If they kill this process, it must be known who ran with whom.
            self._writer.flush()
        self._loop.spawn(call_of(formed.jobs, formed.id), lambda: self._run(formed))

    async def _run(self, formed: Batch) -> None:
        jobs = formed.jobs
        task = asyncio.current_task()
        assert task is not None
        self._tasks[formed.number] = task
        began_s = begin_all(jobs)
        try:
            if all(job.cancelled for job in jobs):  # Since it was formed: a task begins a turn later.
                raise asyncio.CancelledError
            await self._answer(jobs, formed.id, began_s)
        except (asyncio.CancelledError, BadResult) as error:
            fail_all(self._delivery, jobs, error, began_s)
        except BaseException as error:
            if len(jobs) > 1 and self._isolation:
                log_error(tell_isolation(jobs, error))
                self._writer.append(isolated(formed.number))
                self._renew(jobs)  # What that takes is a part of what it costs to ask again.
                early = fails_early(perf_counter() - began_s, self._usual_s)
                await self._isolate(Isolation(jobs, self._delivery.drop, early=early), formed.id, began_s)
            else:
                fail_all(self._delivery, jobs, error, began_s)
        finally:
            for job in jobs:
                del self._running[job.id]
            del self._tasks[formed.number]
            self._forming.done()
            self.wake()

    async def _answer(self, jobs: list[Job], batch_id: bytes, began_s: float) -> None:
        """Raises what `predict` raises, and BadResult, before anything was answered."""
        call = call_of(jobs, batch_id)
        current_request.set(call.request_id)
        called_s = perf_counter()
        results = results_of(await self._predict(call), len(jobs))
        self._usual_s = perf_counter() - called_s
        works = answer_each(self._delivery, jobs, results, call, began_s)
        if works:
            self._writer.flush()
            for job, work in works:
                self._loop.spawn(job, work)

    async def _isolate(self, isolation: Isolation, batch_id: bytes, began_s: float) -> None:
        group = isolation.next()
        while group:
            try:
                await self._answer(group, batch_id, began_s)
            except BaseException as error:
                isolation.failed()
                if len(group) == 1:
                    fail_all(self._delivery, group, error, began_s)
                else:
                    self._renew(group)
            # Before the next ones, which may end the process.
            self._writer.flush()
            group = isolation.next()
