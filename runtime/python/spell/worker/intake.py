"""The reader thread: cuts frames, decodes payloads, drops what was cancelled, answers heartbeats."""

from __future__ import annotations

import select
import socket
import struct
from typing import Callable

from spell.worker import frames
from spell.worker.job import Job
from spell.worker.json_text import BadJson, decode
from spell.worker.reader import FrameReader
from spell.worker.request_errors import refused
from spell.worker.sync_lane import SyncLane
from spell.worker.writer import FrameWriter

_HEAD_SIZE = struct.Struct("<I")
_LOOK_AFTER_MS = 5


class Intake:
    """Takes frames in until the gateway's end of the socket closes."""

    def __init__(self, channel: socket.socket, lane: SyncLane, waiting: dict[int, Job], writer: FrameWriter) -> None:
        self._channel = channel
        self._lane = lane
        self._waiting = waiting
        self._writer = writer
        self._ordinal = 0

    def run(self, reader: FrameReader, on_end: Callable[[], None]) -> None:
        """Reads until the end, then calls `on_end`."""
        poll = select.poll()
        poll.register(self._channel, select.POLLIN)
        while True:
            if self._lane.busy and not poll.poll(_LOOK_AFTER_MS):
                # Quick answers must not wait for a slow request that came behind them.
                self._writer.flush()
                continue
            received = reader.receive()
            if received is None:
                break
            for kind, id, payload in received:
                self._take(kind, id, payload)
        on_end()

    def _take(self, kind: int, id: int, payload: memoryview) -> None:
        if kind == frames.REQUEST:
            self._take_request(id, payload)
        elif kind == frames.CANCEL:
            if self._waiting.pop(id, None) is not None:
                self._writer.send(frames.frame(frames.EMPTY, id))
        elif kind == frames.RECALL:
            if self._waiting.pop(id, None) is not None:
                self._writer.send(frames.frame(frames.RECALLED, id))
        elif kind == frames.PING:
            self._writer.send(frames.frame(frames.PONG, id))
        elif kind == frames.DRAIN:
            self._lane.put(None)

    def _take_request(self, id: int, payload: memoryview) -> None:
        id_end = 2 + payload[1]
        request_id = bytes(payload[2:id_end])
        head_size = _HEAD_SIZE.unpack_from(payload, id_end)[0]
        body_at = id_end + 4 + head_size
        self._ordinal += 1
        try:
            value = decode(payload[body_at:])
        except BadJson as error:
            self._writer.send(refused(id, "bad-json", f"the body is not JSON: {error}"))
            return
        job = Job(id, self._ordinal, request_id, value, b"", b"")
        self._waiting[id] = job
        self._lane.put(job)
