"""What becomes of a request after its `prepare`, whether that is plain or async."""

from __future__ import annotations

from typing import Any, Callable

from spell.worker.answers import is_starlette_response
from spell.worker.delivery import Work
from spell.worker.frames import EMPTY, frame
from spell.worker.job import Job
from spell.worker.lanes import BatchedLane
from spell.worker.picklable import check_picklable
from spell.worker.surroundings import Surroundings

_ERROR_STATUS = 400


class Prepared:
    """Leads requests from `prepare` into the batch, or to their clients. A request that is prepared has begun: it is
    not given back any more, but it can be cancelled until its batch forms."""

    def __init__(self, around: Surroundings, unclaimed: dict[int, Job], *, method: str) -> None:
        """`unclaimed` is that of the lane's `Forming`. `method` is what errors call it: items of an annotated list are
        prepared by checking them, and belong to `predict`."""
        self._delivery, _, self._waiting, self._begun, self._writer = around
        self._unclaimed = unclaimed
        self._method = method
        self._preparing: dict[int, Job] = {}

    def claim(self, job: Job) -> bool:
        """Begins a request; False if it was cancelled or recalled, and answered then."""
        if self._waiting.pop(job.id, None) is None:
            return False
        self._preparing[job.id] = job
        self._begun[0] = job.ordinal
        return True

    def cancel(self, id: int, lane: BatchedLane) -> None:
        """The client is gone: what is prepared and waits never runs."""
        job = self._preparing.get(id)
        if job is not None:
            job.cancelled = True
        self._drop_waiting(id, lane)

    def accept(self, job: Job, value: Any, lane: BatchedLane) -> Work | None:
        """Takes what `prepare` returned. Returns what is left to do after an answer. Raises BadResult."""
        if job.cancelled:
            self._delivery.drop(job)
        elif is_starlette_response(value) and value.status_code >= _ERROR_STATUS:
            work = self._delivery.answer(job, value)
            self._over(job)
            return work
        else:
            if self._method == "prepare":
                check_picklable(value)
                job.head = job.body = b""
                job.stream = None
            job.payload = value
            self._unclaimed[job.id] = job
            lane.put(job)
            self._over(job)
            if job.cancelled:
                self._drop_waiting(job.id, lane)
            lane.wake()
            return None
        self._over(job)
        return None

    def fail(self, job: Job, error: BaseException) -> None:
        """`prepare` raised: the request is answered alone."""
        if job.cancelled:
            self._delivery.drop(job)
        else:
            self._delivery.fail(job, self._method, error)
        self._over(job)

    def _over(self, job: Job) -> None:
        self._preparing.pop(job.id, None)
        self._writer.flush()

    def _drop_waiting(self, id: int, lane: BatchedLane) -> None:
        if self._unclaimed.pop(id, None) is not None:
            lane.withdraw(id)
            self._writer.send(frame(EMPTY, id))


Prepare = Callable[[Job], Any]
"""`prepare`, bound to the predictor, or what stands in its place."""
