"""Takes a batch apart that raised, so that only those fail that have to."""

from __future__ import annotations

from typing import Callable

from spell.worker.job import Job

_EARLY = 8
"""A call that fails in an eighth of the usual time fails early: asking again costs next to nothing."""


def fails_early(took_s: float, usual_s: float) -> bool:
    """Whether a failed call took so little, beside one that succeeds, that many of them can be afforded."""
    return took_s * _EARLY < usual_s


class Isolation:
    """Says which requests run together next. What succeeds is answered, and does not run again.

    One by one would be simple, and costs as many calls as there are requests: a predictor whose calls have a price of
    their own, as those that batch have, would be ten times slower for one bad request in twenty. So the requests are
    searched, in their order, for the first that is guilty: a part of those among which it must be runs, and
    either fails, and it is among them, or succeeds, and they are answered. Everything behind the first guilty one then
    runs together.

    Where calls fail early, the part is seven eighths of them: it fails most of the time, which is cheap, and calls that
    succeed are few. Otherwise it is half of them. After so many failures that one by one would be no worse, the rest
    runs one by one.
    """

    def __init__(self, jobs: list[Job], drop: Callable[[Job], None], *, early: bool) -> None:
        """`jobs` are those of a batch of several that raised. `drop` answers one whose client has gone meanwhile."""
        self._suspects = jobs
        """Among them is at least one that is guilty."""
        self._rest: list[Job] = []
        """Those behind them, of which nothing is known."""
        self._group: list[Job] = []
        self._drop = drop
        self._early = early
        self._failures_left = len(jobs) * 2 if early else len(jobs) // 4

    def next(self) -> list[Job]:
        """Those that run next; empty when all are answered. They count as answered, unless `failed` is said."""
        self._suspects = self._present(self._suspects)
        self._rest = self._present(self._rest)
        if not self._suspects:
            self._suspects, self._rest = self._rest, []
            count = len(self._suspects) if self._failures_left > 0 else 1
        else:
            count = self._part(len(self._suspects))
        self._group, self._suspects = self._suspects[:count], self._suspects[count:]
        return self._group

    def failed(self) -> None:
        """Those that ran last raised. One that ran alone is guilty, and answered; of several, nobody is."""
        self._rest = self._suspects + self._rest
        self._suspects = []
        if len(self._group) > 1:
            self._suspects = self._group
            self._failures_left -= 1

    def _part(self, count: int) -> int:
        if self._failures_left <= 0:
            return 1
        return max(1, count * 7 // 8 if self._early else count // 2)

    def _present(self, jobs: list[Job]) -> list[Job]:
        for job in jobs:
            if job.cancelled:
                self._drop(job)
        return [job for job in jobs if not job.cancelled]
