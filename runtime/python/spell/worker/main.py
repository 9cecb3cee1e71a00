"""Starts the worker: START in, the predictor loaded, READY out, then requests until the gateway says it is enough."""

from __future__ import annotations

import faulthandler
import json
import socket
from typing import Any

from spell.worker import frames
from spell.worker.intake import Intake
from spell.worker.job import Job
from spell.worker.lazy_loop import LazyEventLoop
from spell.worker.left_behind import BegunCounter, LeftBehind
from spell.worker.lifecycle import (
    adopt_descendants,
    end_in_order,
    end_now,
    flush_logs,
    keep_from_children,
    lead_process_group,
)
from spell.worker.log_stream import install_log_streams, log_error
from spell.worker.paths import put_paths_in_place
from spell.worker.reader import FrameReader
from spell.worker.reading import Reading
from spell.worker.server import load_server
from spell.worker.start_failure import StartFailure
from spell.worker.traceback_text import user_traceback
from spell.worker.writer import FrameWriter

_CHANNEL_FD = 3


def main() -> None:
    """The program. Its status is 0 when it was told to end, or its gateway is gone; 1 when it could not start."""
    channel = socket.socket(fileno=_CHANNEL_FD)
    left = LeftBehind()
    keep_from_children((_CHANNEL_FD, *left.fds))
    lead_process_group()
    install_log_streams()
    faulthandler.enable(2)  # What a crash in a library leaves in the log.
    reader, writer = FrameReader(channel), FrameWriter(channel, left)
    start = _receive_start(reader)
    if start is None:
        return
    try:
        _serve(start, channel, reader, writer, left.begun)
    except StartFailure as failure:
        _give_up(writer, failure)
    except BaseException as error:
        _give_up(writer, StartFailure("worker-failed", None, user_traceback(error), exception=repr(error)))
    end_in_order()


def _receive_start(reader: FrameReader) -> Any:
    while True:
        received = reader.receive()
        if received is None:
            return None
        for kind, _, payload in received:
            if kind == frames.START:
                return json.loads(payload)


def _serve(
    start: dict[str, Any], channel: socket.socket, reader: FrameReader, writer: FrameWriter, begun: BegunCounter
) -> None:
    """Loads the predictor and answers requests until the worker is drained. Raises StartFailure."""
    paths = put_paths_in_place(start)  # Before anything starts a thread.
    adopt_descendants()
    loops = LazyEventLoop()
    waiting: dict[int, Job] = {}
    intake = Intake(waiting, loops, writer)
    reading = Reading(channel, reader, writer, intake)
    reading.start()
    load_server(start, paths, loops).run(intake, reading, waiting, writer, begun)


def _give_up(writer: FrameWriter, failure: StartFailure) -> None:
    if failure.traceback is not None:
        log_error(failure.traceback)
    flush_logs()
    writer.send(frames.json_frame(frames.FAILED, 0, failure.to_message()))
    end_now(1)
