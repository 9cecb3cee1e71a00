"""What runs requests, as those who lead requests to them see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from spell.worker.job import Job

if TYPE_CHECKING:
    from spell.worker.reading import Reading


class Lane(Protocol):
    """What runs jobs of one method."""

    def put(self, job: Job, /) -> None:
        """Takes a job."""

    def cancel(self, id: int) -> None:
        """Hears that the client of a begun job is gone."""


class PredictLane(Lane, Protocol):
    """The lane that the main thread belongs to."""

    def run(self, reading: Reading) -> None:
        """Serves what `reading` takes in, until it is drained."""

    def drain(self) -> None:
        """Lets `run` end after what was put before."""


class BatchedLane(PredictLane, Protocol):
    """A predict lane that forms batches."""

    def wake(self) -> None:
        """Hears that jobs were put: once for all that arrived together, so that they may run together."""

    def withdraw(self, id: int) -> None:
        """Hears that a job that waits was cancelled or recalled."""

    def release(self) -> None:
        """Hears that the pod drains: nobody waits for company any more."""


class MethodInput:
    """Where requests for one method go, and how much of them it needs."""

    def __init__(self, lane: Lane, *, needs_payload: bool, needs_body: bool, streams_body: bool = False) -> None:
        self.put = lane.put
        self.needs_payload = needs_payload
        self.needs_body = needs_body
        self.streams_body = streams_body
