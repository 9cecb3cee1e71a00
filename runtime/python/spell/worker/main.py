"""Starts the worker: START in, the predictor loaded, READY out, then requests until the gateway says it is enough."""

from __future__ import annotations

import gc
import json
import os
import platform
import socket
import sys
import threading
from typing import Any

from spell.worker import frames
from spell.worker.answers import plain_answer
from spell.worker.begun import begun_counter
from spell.worker.intake import Intake
from spell.worker.job import Job
from spell.worker.json_text import Unserialisable
from spell.worker.reader import FrameReader
from spell.worker.request_errors import raised, refused
from spell.worker.sync_lane import SyncLane
from spell.worker.writer import FrameWriter

_CHANNEL_FD = 3
_SWITCH_INTERVAL_S = 0.0005


def main() -> None:
    channel = socket.socket(fileno=_CHANNEL_FD)
    channel.set_inheritable(False)
    reader, writer = FrameReader(channel), FrameWriter(channel)
    start = _receive_start(reader)
    if start is None:
        return
    os.chdir(start["root"])
    sys.path.insert(1, start["root"])
    sys.path.append(start["vendorFolder"])
    predictor = _load(start)
    _serve(channel, reader, writer, predictor)


def _receive_start(reader: FrameReader) -> Any:
    while True:
        received = reader.receive()
        if received is None:
            return None
        for kind, _, payload in received:
            if kind == frames.START:
                return json.loads(bytes(payload))


def _load(start: Any) -> Any:
    import importlib

    from spell.serving import BasePredictor

    module = importlib.import_module(start["entrypoint"][:-3].replace("/", "."))
    candidates = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BasePredictor) and value.__module__ == module.__name__
    ]
    return candidates[0](**(start["config"] or {}))


def _serve(channel: socket.socket, reader: FrameReader, writer: FrameWriter, predictor: Any) -> None:
    waiting: dict[int, Job] = {}
    predict = predictor.predict

    def answer(job: Job, result: Any) -> None:
        writer.append(plain_answer(job.id, result))

    def fail(job: Job, error: BaseException) -> None:
        if isinstance(error, Unserialisable):
            writer.append(refused(job.id, "bad-result", str(error)))
        else:
            writer.append(raised(job.id, job.request_id, "predictor-error", "predict", error))

    lane = SyncLane(lambda job: predict(job.payload), answer, fail, waiting, begun_counter(), writer)
    intake = Intake(channel, lane, waiting, writer)
    writer.send(frames.json_frame(frames.READY, 0, {
        "pid": os.getpid(),
        "python": platform.python_version(),
        "classname": type(predictor).__name__,
        "predict": {"async": False, "needsHead": False},
        "health": None,
    }))
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    threading.Thread(target=intake.run, args=(reader, lambda: os._exit(0)), name="spell-reader", daemon=True).start()
    lane.run()
