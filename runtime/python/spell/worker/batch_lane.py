"""Runs a plain batched `predict`: one batch at a time, on the main thread, formed when it gets free."""

from __future__ import annotations

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


class BatchLane:
    """Takes batches from `Forming` on the main thread."""

    def __init__(
        self,
        predict: Callable[[Job], Any],
        around: Surroundings,
        forming: Forming,
        *,
        isolation: bool,
        renew: Renew,
        wake: Callable[[], None] | None,
    ) -> None:
        """`wake` ends the main thread's waiting, where another one than whoever reads puts jobs."""
        self._predict = predict
        self._delivery, self._loops, _, _, self._writer = around
        self._forming = forming
        self._isolation = isolation
        self._renew = renew
        self._usual_s = 0.0
        self._released: deque[Batch] = deque()
        self._running: dict[int, Job] = {}
        self._draining = False
        self.put = forming.put
        """Queues a job; it may be seen before `wake`, and is seen after it."""
        self.wake: Callable[[], None] = wake or _needs_no_waking
        """Lets `run` look whether a batch is due."""

    def cancel(self, id: int) -> None:
        """The client of a job is gone that runs: the call goes on, and its result is dropped."""
        job = self._running.get(id)
        if job is not None:
            job.cancelled = True

    def withdraw(self, id: int) -> None:
        """A job that waits was cancelled or recalled, and answered."""
        self._forming.discard(id)

    def release(self) -> None:
        """The pod drains: what waits for company runs at once, if `predict` is free. It is claimed before this returns,
        so that a RECALL which follows leaves it here."""
        self._forming.drain()
        formed = self._forming.poll()
        if formed is not None:
            self._released.append(formed)
        self.wake()

    def drain(self) -> None:
        """Ends `run` after what is queued."""
        self._draining = True
        self.release()

    def run(self, reading: Reading) -> None:
        """Answers batches until `drain`."""
        while True:
            formed = self._next(reading)
            if formed is None:
                break
            self._run(formed)
            self._forming.done()
            current_request.set(b"")
            self._writer.flush()
            # What came meanwhile runs together.
            reading.look()

    def _next(self, reading: Reading) -> Batch | None:
        forming, released = self._forming, self._released
        while True:
            if released:
                return released.popleft()
            formed = forming.poll()
            if formed is not None:
                return formed
            if self._draining and forming.empty:
                return None
            reading.wait(forming.due())

    def _run(self, formed: Batch) -> None:
        jobs = formed.jobs
        running = self._running = {job.id: job for job in jobs}
        # The news of a lone request leave with its answer, or with the watcher's next look: it need not wait for a
        # system call. Those of several leave before they run: if they kill this process, somebody must know who ran
        # with whom.
        self._writer.append(batch(formed.number, formed.reason, [job.id for job in jobs]))
        if len(jobs) > 1:
            self._writer.flush()
        began_s = begin_all(jobs)
        try:
            self._answer(jobs, formed.id, began_s)
        except BadResult as error:
            fail_all(self._delivery, jobs, error, began_s)
        except BaseException as error:
            if len(jobs) > 1 and self._isolation:
                log_error(tell_isolation(jobs, error))
                self._writer.append(isolated(formed.number))
                self._renew(jobs)  # What that takes is a part of what it costs to ask again.
                early = fails_early(perf_counter() - began_s, self._usual_s)
                self._isolate(Isolation(jobs, self._delivery.drop, early=early), formed.id, began_s)
            else:
                fail_all(self._delivery, jobs, error, began_s)
        running.clear()

    def _answer(self, jobs: list[Job], batch_id: bytes, began_s: float) -> None:
        """Raises what `predict` raises, and BadResult, before anything was answered."""
        call = call_of(jobs, batch_id)
        current_request.set(call.request_id)
        called_s = perf_counter()
        results = results_of(self._predict(call), len(jobs))
        self._usual_s = perf_counter() - called_s
        works = answer_each(self._delivery, jobs, results, call, began_s)
        if works:
            self._writer.flush()
            for job, work in works:
                self._loops().submit(job, work)

    def _isolate(self, isolation: Isolation, batch_id: bytes, began_s: float) -> None:
        group = isolation.next()
        while group:
            try:
                self._answer(group, batch_id, began_s)
            except BaseException as error:
                isolation.failed()
                if len(group) == 1:
                    fail_all(self._delivery, group, error, began_s)
                else:
                    self._renew(group)
            # Before the next ones, which may end the process.
            self._writer.flush()
            group = isolation.next()


def _needs_no_waking() -> None:
    """Who waits reads what it waits for."""
