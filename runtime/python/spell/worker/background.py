"""Starlette's background tasks. Imported only for predictors that ask for them."""

from __future__ import annotations

from typing import Any, Callable

from starlette.background import BackgroundTasks

from spell.worker.job import Job


def tasks_maker(wanted: Any) -> Callable[[Job], BackgroundTasks]:
    """What makes the tasks for a parameter; the job keeps them, to be run after its answer."""
    kind: type[BackgroundTasks] = wanted or BackgroundTasks

    def make(job: Job) -> BackgroundTasks:
        job.tasks = kind()
        return job.tasks

    return make
