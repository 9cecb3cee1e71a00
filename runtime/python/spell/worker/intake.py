"""Takes frames in: decodes payloads, drops what was cancelled, answers heartbeats."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from spell.worker import frames
from spell.worker.job import Job
from spell.worker.json_text import BadJson, decode
from spell.worker.lanes import BatchedLane, Lane, MethodInput, PredictLane
from spell.worker.lazy_loop import LazyEventLoop
from spell.worker.reader import Frame
from spell.worker.request_errors import refused
from spell.worker.uploads import GatheredBody, StreamedBody, Uploads
from spell.worker.writer import FrameWriter

_unpack_size = struct.Struct("<I").unpack_from


class Intake:
    """Leads requests to the lanes of their methods, and after them what is said of them later. For one thread at a
    time: whoever reads."""

    def __init__(self, waiting: dict[int, Job], loops: LazyEventLoop, writer: FrameWriter) -> None:
        self._waiting = waiting
        self._loops = loops
        self._writer = writer
        self._uploads = Uploads()
        self.brought_news = False
        """What was taken last had more than heartbeats."""
        self._told_metrics = False
        self._ordinal = 0
        self._predict: MethodInput | None = None
        self._health: MethodInput | None = None
        self._predict_lane: PredictLane | None = None
        self._batched: BatchedLane | None = None
        self._lanes: list[Lane] = []

    def connect(
        self,
        predict_lane: PredictLane,
        predict: MethodInput,
        health_lane: Lane | None,
        health: MethodInput | None,
        batched: BatchedLane | None = None,
    ) -> None:
        """From now on requests may come: to be called before READY is said. `batched` is the predict lane, if it forms
        batches."""
        self._batched = batched
        self._lanes = [lane for lane in (predict_lane, health_lane) if lane is not None]
        self._predict, self._health = predict, health
        self._predict_lane = predict_lane

    def take(self, received: Iterator[Frame]) -> bool:
        """Takes what was read. False: the worker shall end, since it is drained and has nothing to finish."""
        now_s = perf_counter()
        news = False
        for kind, request, payload in received:
            if kind == frames.REQUEST:
                self._take_request(request, payload, now_s)
                news = True
            elif kind == frames.PING:
                self._writer.send(frames.frame(frames.PONG, request))
            elif kind == frames.DRAIN and self._predict_lane is None:
                return False
            else:
                self._take_other(kind, request, payload)
                news = True
        self.brought_news = news
        if not self._told_metrics and "prometheus_client" in sys.modules:
            self._told_metrics = True
            self._writer.send(frames.frame(frames.PONG, 0, b"\x01"))
        if news and self._batched is not None:
            self._batched.wake()
        return True

    def _take_request(self, id: int, payload: bytes, now_s: float) -> None:
        id_end = 2 + payload[1]
        head_at = id_end + 4
        body_at = head_at + _unpack_size(payload, id_end)[0]
        kind = payload[0]
        name, head = payload[2:id_end], payload[head_at:body_at]
        if kind & frames.KIND_MORE:
            self._expect_body(id, kind & ~frames.KIND_MORE, name, head, now_s)
        else:
            self._begin(id, kind, name, head, payload[body_at:], now_s)

    def _begin(self, id: int, kind: int, name: bytes, head: bytes, body: bytes, now_s: float) -> None:
        if kind == frames.KIND_HEALTH:
            method = self._health
            ordinal = 0
        else:
            method = self._predict
            self._ordinal = ordinal = self._ordinal + 1
        job = Job(id, ordinal, name, None, now_s)
        if method is None:
            self._writer.send(refused(job, "unhealthy", "the predictor has no health method of its own"))
            return
        if method.needs_payload:
            try:
                job.payload = decode(body)
            except BadJson as error:
                self._writer.send(refused(job, "bad-json", f"the body is not JSON: {error}"))
                return
        if method.needs_body:
            job.head, job.body = head, body
        if kind == frames.KIND_ALONE:
            job.alone = True
        self._waiting[id] = job
        method.put(job)

    def _expect_body(self, id: int, kind: int, name: bytes, head: bytes, now_s: float) -> None:
        """A request whose large body follows."""
        method = self._predict
        if method is None or not method.streams_body:
            self._uploads.expect(
                id,
                GatheredBody(id, self._writer, lambda body: self._begin(id, kind, name, head, body, perf_counter())),
            )
            return
        self._ordinal += 1
        job = Job(id, self._ordinal, name, None, now_s)
        call_soon = self._loops.make().loop.call_soon_threadsafe
        job.head, job.stream = head, StreamedBody(id, self._writer, call_soon)
        self._uploads.expect(id, job.stream)
        self._waiting[id] = job
        method.put(job)

    def _take_other(self, kind: int, id: int, payload: Any) -> None:
        writer = self._writer
        if kind == frames.BODY:
            self._uploads.push(id, payload)
        elif kind == frames.COMPLETE:
            self._uploads.end(id, broken=payload[0] != 0)
        elif kind == frames.CANCEL:
            if self._withdraw(id):
                writer.send(frames.frame(frames.EMPTY, id))
            else:
                self._cancel(id)
        elif kind == frames.RECALL:
            if self._withdraw(id):
                writer.send(frames.frame(frames.RECALLED, id))
        elif kind == frames.CREDIT:
            if self._loops.existing is not None:
                self._loops.existing.credit(id, _unpack_size(payload)[0])
        elif kind == frames.RELEASE and self._batched is not None:
            self._batched.release()
        elif kind == frames.METRICS:
            from spell.worker.user_metrics import report

            report(writer)
        elif kind == frames.DRAIN and self._predict_lane is not None:
            self._predict_lane.drain()

    def _withdraw(self, id: int) -> bool:
        """Takes a job back that has not begun."""
        if self._waiting.pop(id, None) is None:
            return False
        if self._batched is not None:
            self._batched.withdraw(id)
        return True

    def _cancel(self, id: int) -> None:
        for lane in self._lanes:
            lane.cancel(id)
        if self._loops.existing is not None:
            self._loops.existing.cancel(id)
