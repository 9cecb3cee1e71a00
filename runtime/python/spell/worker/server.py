"""The predictor, loaded, and the lanes on which its requests run."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from spell.serving import BasePredictor, metrics
from spell.worker import frames
from spell.worker.construct import check_config, construct
from spell.worker.delivery import Delivery
from spell.worker.forming import BatchLimits, batch_limits, keeps_bodies
from spell.worker.intake import Intake
from spell.worker.job import Job
from spell.worker.lanes import BatchedLane, Lane, MethodInput, PredictLane
from spell.worker.lazy_loop import LazyEventLoop
from spell.worker.left_behind import BegunCounter
from spell.worker.log_stream import watch_logging
from spell.worker.path_map import PathMap
from spell.worker.paths import model_infos
from spell.worker.plan import Plan, PlanMaker
from spell.worker.project import PYTHON_VERSION, choose_predictor, enter_project, import_entrypoint
from spell.worker.reading import Reading
from spell.worker.surroundings import Surroundings
from spell.worker.writer import FrameWriter

_SWITCH_INTERVAL_S = 0.0005
"""How soon another thread gets the interpreter from a busy predictor."""


def load_server(start: dict[str, Any], paths: PathMap | None, loops: LazyEventLoop) -> Server:
    """Imports the project and makes the predictor. Raises StartFailure; what can be known without running the
    predictor's code is checked before any of it runs."""
    root = os.path.abspath(start["root"])
    sys.path.append(start["vendorFolder"])
    enter_project(root)
    if paths is not None:
        from spell.worker.literals import install_literal_rewriting

        install_literal_rewriting(root, paths)
    BasePredictor.model_info = model_infos(start)
    metrics.enter_server()
    module = import_entrypoint(root, start["entrypoint"], paths)
    watch_logging()
    cls = choose_predictor(module, start["classname"], root, start["entrypoint"])
    limits = batch_limits(start)
    plans = PlanMaker(cls, root, batched=limits is not None)
    predict, health, prepare = plans.predict(), plans.health(), plans.prepare()
    if limits is None:
        prepare = None  # It was checked, since batching may be turned on later.
    arguments = check_config(cls, start["config"], root)
    if any(plan is not None and plan.is_async for plan in (predict, health, prepare)):
        # What `__init__` makes for asyncio belongs to the loop that will run the methods (before Python 3.10 it is
        # tied to a loop at once).
        import asyncio

        asyncio.set_event_loop(loops.make().loop)
    predictor = construct(cls, arguments, root)
    return Server(predictor, predict, prepare, health, loops, start["limits"], limits)


class Server:
    """One predictor, ready to answer."""

    def __init__(
        self,
        predictor: Any,
        predict: Plan,
        prepare: Plan | None,
        health: Plan | None,
        loops: LazyEventLoop,
        limits: dict[str, int],
        batching: BatchLimits | None,
    ) -> None:
        self._predictor = predictor
        self._predict = predict
        self._prepare = prepare
        self._batching = batching
        self._health = health
        self._loops = loops
        self._health_limit_s = limits["healthTimeoutMs"] / 1000

    def run(
        self, intake: Intake, reading: Reading, waiting: dict[int, Job], writer: FrameWriter, begun: BegunCounter
    ) -> None:
        """Says READY, then answers requests until it is drained."""
        around = Surroundings(Delivery(writer, self._loops), self._loops, waiting, begun, writer)
        batched = None if self._batching is None else self._batched_lane(around, self._batching, reading)
        lane = batched or self._predict_lane(around)
        health_lane = self._health_lane(around)
        first = self._prepare or self._predict
        predict = MethodInput(
            lane,
            needs_payload=first.needs_payload,
            needs_body=first.needs_head or keeps_bodies(self._batching, prepares=self._prepare is not None),
            streams_body=first.streams_body,
        )
        health = None if health_lane is None else MethodInput(health_lane, needs_payload=False, needs_body=True)
        intake.connect(lane, predict, health_lane, health, batched)
        # What the predictor loaded stays: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        sys.setswitchinterval(_SWITCH_INTERVAL_S)
        writer.send(frames.json_frame(frames.READY, 0, self._ready_message()))
        lane.run(reading)
        if self._loops.existing is not None:
            self._loops.existing.drain()
        writer.flush()

    def _predict_lane(self, around: Surroundings) -> PredictLane:
        call = self._predict.bind(self._predictor)
        if self._predict.is_async:
            from spell.worker.async_lane import AsyncLane

            return AsyncLane(call, around)
        from spell.worker.sync_lane import SyncLane

        return SyncLane(call, around)

    def _batched_lane(self, around: Surroundings, limits: BatchLimits, reading: Reading) -> BatchedLane:
        from spell.worker.batched import batched_lane

        return batched_lane(self._predictor, self._predict, self._prepare, around, limits, reading)

    def _health_lane(self, around: Surroundings) -> Lane | None:
        if self._health is None:
            return None
        call = self._health.bind(self._predictor)
        if self._health.is_async:
            from spell.worker.async_health_lane import AsyncHealthLane

            return AsyncHealthLane(call, around, self._health_limit_s)
        from spell.worker.health_lane import SyncHealthLane

        return SyncHealthLane(call, around, self._health_limit_s)

    def _ready_message(self) -> dict[str, Any]:
        health, first = self._health, self._prepare or self._predict
        return {
            "pid": os.getpid(),
            "python": PYTHON_VERSION,
            "classname": type(self._predictor).__name__,
            "predict": {
                "async": self._predict.is_async,
                "needsHead": first.needs_head,
                "streamsBody": first.streams_body,
            },
            "health": None if health is None else {"async": health.is_async, "needsHead": health.needs_head},
        }
