"""How a batch that raised is taken apart: who runs with whom, and how often."""

from __future__ import annotations

import random
from typing import Any

import pytest

from spell.worker.isolation import Isolation, fails_early
from spell.worker.job import Job


def jobs_of(names: str) -> list[Job]:
    return [Job(index, index, b"", name) for index, name in enumerate(names)]


def taken_apart(names: str, *, early: bool) -> list[str]:
    """The groups that run, in their order; capitals are guilty."""
    groups = []
    isolation = Isolation(jobs_of(names), lambda job: None, early=early)
    group = isolation.next()
    while group:
        text = "".join(job.payload for job in group)
        groups.append(text)
        if text != text.lower():
            isolation.failed()
        group = isolation.next()
    return groups


def test_calls_that_fail_late_are_halved_and_what_is_behind_the_guilty_one_runs_together() -> None:
    assert taken_apart("abcdefGhijklmnop", early=False) == ["abcdefGh", "abcd", "ef", "G", "hijklmnop"]


def test_calls_that_fail_early_are_asked_for_nearly_all() -> None:
    assert taken_apart("abcdefGh", early=True) == ["abcdefG", "abcdef", "G", "h"]


def test_after_too_many_failures_the_rest_runs_one_by_one() -> None:
    assert taken_apart("ABCD", early=False) == ["AB", "A", "B", "C", "D"]


@pytest.mark.parametrize("early", [True, False])
def test_each_innocent_one_succeeds_once_each_guilty_one_fails_alone_and_in_order(early: bool) -> None:
    chance = random.Random(1)
    for _ in range(500):
        count = chance.randint(2, 40)
        share = chance.choice([0.02, 0.1, 0.5, 1])
        names = "".join("X" if chance.random() < share else "a" for _ in range(count))
        groups = taken_apart(names, early=early)
        answered = [group for group in groups if group == group.lower() or len(group) == 1]
        assert "".join(answered) == names
        assert len(groups) <= count * (3 if early else 1.25) + 1


def test_one_whose_client_goes_meanwhile_is_dropped_and_runs_no_more() -> None:
    jobs = jobs_of("aBcd")
    dropped: list[Any] = []
    isolation = Isolation(jobs, lambda job: dropped.append(job.payload), early=False)
    assert [job.payload for job in isolation.next()] == ["a", "B"]
    isolation.failed()
    jobs[1].cancelled = jobs[3].cancelled = True
    assert [job.payload for job in isolation.next()] == ["a"]
    assert [job.payload for job in isolation.next()] == ["c"]
    assert isolation.next() == []
    assert dropped == ["B", "d"]


def test_early_is_a_small_part_of_what_a_call_usually_takes() -> None:
    assert fails_early(0.001, 0.02)
    assert not fails_early(0.02, 0.02)
    assert not fails_early(0.0, 0.0), "before a call has succeeded, nothing is usual"
