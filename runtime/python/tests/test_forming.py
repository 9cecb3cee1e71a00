"""When a batch begins, on a clock that stands still."""

from __future__ import annotations

from typing import Any

import pytest

from spell.worker.forming import Batch, BatchLimits, Forming
from spell.worker.frames import RELEASED_DRAIN, RELEASED_FULL, RELEASED_TIMEOUT, RELEASED_WORKER_FREE
from spell.worker.job import Job


class Bench:
    """A `Forming` with its clock; jobs are named by their ids."""

    def __init__(self, max_size: int, window_s: float | None, *, most_running: int = 1) -> None:
        self.now = 100.0
        self.unclaimed: dict[int, Job] = {}
        self.begun: list[int] = [0]
        self.forming = Forming(
            BatchLimits(max_size, window_s, True),
            self.unclaimed,
            self.begun,
            most_running=most_running,
            clock=lambda: self.now,
        )

    def arrive(self, *ids: int, alone: bool = False) -> None:
        for id in ids:
            job = Job(id, id, b"r", id)
            job.alone = alone
            self.unclaimed[id] = job
            self.forming.put(job)

    def withdraw(self, id: int) -> None:
        assert self.unclaimed.pop(id, None) is not None
        self.forming.discard(id)

    def formed(self) -> Any:
        batch: Batch | None = self.forming.poll()
        return None if batch is None else ([job.id for job in batch.jobs], batch.reason)


def test_adaptive_a_free_worker_takes_what_waits_at_once() -> None:
    bench = Bench(4, None)
    assert bench.formed() is None
    bench.arrive(1)
    assert bench.formed() == ([1], RELEASED_WORKER_FREE)
    bench.arrive(2, 3)
    assert bench.formed() is None  # The first batch still runs.
    bench.forming.done()
    assert bench.formed() == ([2, 3], RELEASED_WORKER_FREE)
    assert bench.begun == [3]


def test_adaptive_a_longer_queue_than_a_batch_is_cut_in_its_order() -> None:
    bench = Bench(4, None)
    bench.arrive(*range(1, 11))
    assert bench.formed() == ([1, 2, 3, 4], RELEASED_FULL)
    assert bench.begun == [4]
    bench.forming.done()
    assert bench.formed() == ([5, 6, 7, 8], RELEASED_FULL)
    bench.forming.done()
    assert bench.formed() == ([9, 10], RELEASED_WORKER_FREE)
    assert bench.forming.due() is None


def test_fixed_one_less_than_the_maximum_waits_and_the_maximum_releases() -> None:
    bench = Bench(3, 0.5)
    bench.arrive(1, 2)
    assert bench.formed() is None
    bench.arrive(3)
    assert bench.formed() == ([1, 2, 3], RELEASED_FULL)


def test_fixed_the_window_begins_with_the_first_request_that_waits() -> None:
    bench = Bench(10, 0.5)
    assert bench.forming.due() is None
    bench.arrive(1)
    bench.now += 0.3
    bench.arrive(2)
    assert bench.forming.due() == pytest.approx(0.2)
    bench.now += 0.1999
    assert bench.formed() is None
    bench.now += 0.0002
    assert bench.formed() == ([1, 2], RELEASED_TIMEOUT)


def test_fixed_the_next_window_goes_on_while_the_batch_before_runs() -> None:
    bench = Bench(2, 0.5)
    bench.arrive(1, 2, 3)
    assert bench.formed() == ([1, 2], RELEASED_FULL)
    bench.now += 0.6
    assert bench.forming.due() is None
    assert bench.formed() is None
    bench.forming.done()
    assert bench.forming.due() == 0
    assert bench.formed() == ([3], RELEASED_TIMEOUT)


def test_fixed_what_a_full_batch_leaves_keeps_its_own_time() -> None:
    bench = Bench(2, 0.5)
    bench.arrive(1)
    bench.now += 0.4
    bench.arrive(2, 3)
    assert bench.formed() == ([1, 2], RELEASED_FULL)
    bench.forming.done()
    bench.now += 0.2
    assert bench.formed() is None
    bench.now += 0.3001
    assert bench.formed() == ([3], RELEASED_TIMEOUT)


def test_fixed_without_a_window_nobody_waits() -> None:
    bench = Bench(10, 0.0)
    bench.arrive(1)
    assert bench.formed() == ([1], RELEASED_TIMEOUT)


def test_fixed_a_size_of_one_releases_each_request() -> None:
    bench = Bench(1, 60.0)
    bench.arrive(1, 2)
    assert bench.formed() == ([1], RELEASED_FULL)
    bench.forming.done()
    assert bench.formed() == ([2], RELEASED_FULL)


def test_a_cancelled_request_neither_counts_nor_holds_the_window() -> None:
    bench = Bench(3, 0.5)
    bench.arrive(1, 2)
    bench.withdraw(1)
    bench.now += 0.1
    bench.arrive(3)
    assert bench.formed() is None
    bench.arrive(4)
    assert bench.formed() == ([2, 3, 4], RELEASED_FULL)
    bench.forming.done()
    bench.arrive(5)
    bench.withdraw(5)
    assert bench.forming.due() is None
    assert bench.forming.empty


def test_one_that_was_claimed_elsewhere_a_moment_ago_does_not_run() -> None:
    bench = Bench(3, None)
    bench.arrive(1, 2)
    del bench.unclaimed[1]  # The reader is about to say `discard`.
    assert bench.formed() == ([2], RELEASED_WORKER_FREE)
    bench.forming.discard(1)


def test_draining_nobody_waits_for_company_any_more() -> None:
    bench = Bench(3, 60.0)
    bench.arrive(1)
    assert bench.formed() is None
    bench.forming.drain()
    assert bench.formed() == ([1], RELEASED_DRAIN)


def test_a_suspect_runs_alone_and_waits_for_no_company() -> None:
    bench = Bench(10, 60.0)
    bench.arrive(1, alone=True)
    assert bench.formed() == ([1], RELEASED_WORKER_FREE)
    bench.forming.done()
    adaptive = Bench(10, None)
    adaptive.arrive(1)
    adaptive.arrive(2, alone=True)
    adaptive.arrive(3)
    for expected in ([1], [2], [3]):
        assert adaptive.formed() == (expected, RELEASED_WORKER_FREE)
        adaptive.forming.done()


def test_several_batches_run_at_a_time_where_that_is_allowed() -> None:
    bench = Bench(2, None, most_running=2)
    bench.arrive(1, 2, 3, 4, 5)
    assert bench.formed() == ([1, 2], RELEASED_FULL)
    assert bench.formed() == ([3, 4], RELEASED_FULL)
    assert bench.formed() is None
    bench.forming.done()
    assert bench.formed() == ([5], RELEASED_WORKER_FREE)
