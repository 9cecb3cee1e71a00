"""Gives the requests of a batch that runs again their payloads as they came: `predict` may have changed them before it
raised, and who is innocent is to be answered as if it had been alone."""

from __future__ import annotations

import contextlib
from typing import Any, Callable

from spell.worker.job import Job
from spell.worker.json_text import decode

Renew = Callable[[list[Job]], None]
"""Makes the payloads of some requests anew."""


def renewal(check: Callable[[Any], Any] | None) -> Renew:
    """For requests that kept their bodies. `check` makes the annotated type of one payload."""

    def renew(jobs: list[Job]) -> None:
        for job in jobs:
            # A check that says something else the second time must not end the worker.
            with contextlib.suppress(Exception):
                payload = decode(job.body)
                job.payload = payload if check is None else check(payload)

    return renew


def no_renewal(jobs: list[Job]) -> None:
    """For what `prepare` returned: a request is prepared once."""
