"""Puts the lane of a batched `predict` together: `prepare` (or the check of annotated items), the forming of batches,
and what runs them."""

from __future__ import annotations

from typing import Any

from spell.worker.batch_lane import BatchLane
from spell.worker.forming import BatchLimits, Forming, keeps_bodies
from spell.worker.job import Job
from spell.worker.lanes import BatchedLane
from spell.worker.left_behind import BegunCounter
from spell.worker.plan import Plan
from spell.worker.reading import Reading
from spell.worker.renewal import no_renewal, renewal
from spell.worker.surroundings import Surroundings


def batched_lane(
    predictor: Any, predict: Plan, prepare: Plan | None, around: Surroundings, limits: BatchLimits, reading: Reading
) -> BatchedLane:
    """The lane; requests that are prepared first begin with that, not with their batch, and come to it from another
    thread than the one that waits for them."""
    call = predict.bind(predictor)
    prepared_first = prepare is not None or predict.check_item is not None
    unclaimed: dict[int, Job] = {} if prepared_first else around.waiting
    counter: BegunCounter = [0] if prepared_first else around.begun
    renew = renewal(predict.check_item) if keeps_bodies(limits, prepares=prepare is not None) else no_renewal
    lane: BatchedLane
    if predict.is_async:
        from spell.worker.async_batch_lane import MOST_BATCHES, AsyncBatchLane

        forming = Forming(limits, unclaimed, counter, most_running=MOST_BATCHES)
        lane = AsyncBatchLane(call, around, forming, isolation=limits.isolation, renew=renew)
    else:
        forming = Forming(limits, unclaimed, counter)
        wake = reading.wake if prepared_first else None
        lane = BatchLane(call, around, forming, isolation=limits.isolation, renew=renew, wake=wake)
    if not prepared_first:
        return lane

    from spell.worker.prepare_lanes import LoopStage, PreparedLane, Stage, ThreadStage
    from spell.worker.prepared import Prepared

    stage: Stage
    if prepare is None:
        check = predict.check_item
        assert check is not None
        prepared = Prepared(around, unclaimed, method="predict")
        stage = ThreadStage(lambda job: check(job.payload), prepared, lane, around.loops)
    else:
        prepared = Prepared(around, unclaimed, method="prepare")
        bound = prepare.bind(predictor)
        if prepare.is_async:
            stage = LoopStage(bound, prepared, lane, around.loops())
        else:
            stage = ThreadStage(bound, prepared, lane, around.loops)
    return PreparedLane(stage, prepared, lane)
