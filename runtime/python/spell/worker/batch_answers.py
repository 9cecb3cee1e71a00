"""What a batched `predict` returned, cut into one result for each request."""

from __future__ import annotations

from collections.abc import Mapping, Set
from time import perf_counter
from typing import Any

from spell.worker.answers import is_starlette_response
from spell.worker.current_request import batch_mark, current_request
from spell.worker.delivery import Delivery, Work
from spell.worker.job import Job
from spell.worker.json_text import BadResult

_NOT_RESULTS = (str, bytes, bytearray, memoryview, Mapping, Set)


def call_of(jobs: list[Job], batch_id: bytes) -> Job:
    """The one call that runs a batch, as a job whose payload is the list. What it prints belongs to the batch; to its
    request where there is only one."""
    name = jobs[0].request_id if len(jobs) == 1 else batch_mark(batch_id)
    return Job(0, 0, name, [job.payload for job in jobs])


def begin_all(jobs: list[Job]) -> float:
    """Notes that they begin together, and returns when."""
    now_s = perf_counter()
    for job in jobs:
        job.begins(now_s)
    return now_s


def _end_all(jobs: list[Job], began_s: float) -> None:
    """Notes that their results are there, or their errors."""
    now_s = perf_counter()
    for job in jobs:
        job.ends(began_s, now_s)


def results_of(result: Any, count: int) -> list[Any]:
    """The results of a batch of `count`, in its order, from whatever can be iterated over: a list, a tuple, an array, a
    generator. Raises BadResult, and what the generator raises."""
    if isinstance(result, _NOT_RESULTS) or is_starlette_response(result):
        raise BadResult(
            f"a batch is answered by one result for each of its requests, in their order, not by {_named(result)}"
        )
    try:
        results = iter(result)
    except TypeError:
        raise BadResult(
            f"a batch is answered by an iterable with one result for each of its requests, not by {_named(result)}"
        ) from None
    all_results = list(results)
    if len(all_results) != count:
        raise BadResult(f"expected {count} results, got {len(all_results)}")
    return all_results


def answer_each(
    delivery: Delivery, jobs: list[Job], results: list[Any], call: Job, began_s: float
) -> list[tuple[Job, Work]]:
    """Appends the answer of every request of a `call`; one whose result cannot be sent fails alone. Returns what is
    left to do after them on the event loop, the call's own background tasks last."""
    _end_all(jobs, began_s)
    works: list[tuple[Job, Work]] = []
    for job, result in zip(jobs, results):
        if job.cancelled:
            delivery.drop(job)
            continue
        try:
            work = delivery.answer(job, result)
        except Exception as error:
            token = current_request.set(job.request_id)
            delivery.fail(job, "predict", error)
            current_request.reset(token)
            continue
        if work is not None:
            works.append((job, work))
    after = delivery.tasks_of(call)
    if after is not None:
        works.append((call, after))
    return works


def fail_all(delivery: Delivery, jobs: list[Job], error: BaseException, began_s: float) -> None:
    """Appends the same failure for every request; the log gets it once."""
    _end_all(jobs, began_s)
    for index, job in enumerate(jobs):
        if job.cancelled:
            delivery.drop(job)
        else:
            delivery.fail(job, "predict", error, tell_log=index == 0)


def tell_isolation(jobs: list[Job], error: BaseException) -> str:
    """The log's line about a batch that is taken apart."""
    return (
        f"predict raised {type(error).__name__} for a batch of {len(jobs)}: it runs again until only the guilty fail\n"
    )


def _named(result: Any) -> str:
    return "None" if result is None else f"a value of type {type(result).__name__}"
