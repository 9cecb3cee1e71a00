"""The frames that gateway and worker exchange: the other half of `runtime/serving/wire/frames.ts`, where each is
described. A test holds the two tables together.

    frame := size:u32le  type:u8  id:u32le  payload        size counts what follows it (5 + payload)
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spell.worker.job import Job

START: Final = 0x01
REQUEST: Final = 0x02
CANCEL: Final = 0x03
RECALL: Final = 0x04
PING: Final = 0x05
DRAIN: Final = 0x06
CREDIT: Final = 0x07
RELEASE: Final = 0x08
BODY: Final = 0x09
COMPLETE: Final = 0x0A
METRICS: Final = 0x0B

READY: Final = 0x81
FAILED: Final = 0x82
RESPONSE: Final = 0x83
EMPTY: Final = 0x84
RECALLED: Final = 0x85
PONG: Final = 0x86
CHUNK: Final = 0x87
END: Final = 0x88
ERROR: Final = 0x89
BATCH: Final = 0x8A
ISOLATED: Final = 0x8B
WANT: Final = 0x8C
MEASURED: Final = 0x8D

BODY_JSON: Final = 0
BODY_TEXT: Final = 1
BODY_BYTES: Final = 2
BODY_HEAD: Final = 3
BODY_MORE: Final = 0x80

KIND_PREDICT: Final = 0
KIND_HEALTH: Final = 1
KIND_ALONE: Final = 2
KIND_MORE: Final = 0x80

RELEASED_FULL: Final = 0
RELEASED_WORKER_FREE: Final = 1
RELEASED_TIMEOUT: Final = 2
RELEASED_DRAIN: Final = 3

FRAME_HEADER_SIZE: Final = 9
STREAM_WINDOW_BYTES: Final = 256 * 1024

HEADER = struct.Struct("<IBI")
_RESPONSE_HEADER = struct.Struct("<IBIHBfff")
_ERROR_HEADER = struct.Struct("<IBIfff")
_HEAD_SIZE = struct.Struct("<I")
_BATCH_HEAD = struct.Struct("<IB")
_NUMBER = struct.Struct("<I")

_pack_header = HEADER.pack
_pack_response_header = _RESPONSE_HEADER.pack


def frame(kind: int, request: int, payload: bytes = b"") -> bytes:
    """Any frame."""
    return _pack_header(5 + len(payload), kind, request) + payload


def json_frame(kind: int, request: int, message: Any) -> bytes:
    """A frame whose payload is JSON."""
    return frame(kind, request, json.dumps(message).encode())


def batch(number: int, reason: int, requests: Sequence[int]) -> bytes:
    """Tells that a batch begins, and with which requests."""
    return frame(BATCH, 0, _BATCH_HEAD.pack(number, reason) + struct.pack(f"<{len(requests)}I", *requests))


def isolated(number: int) -> bytes:
    """Tells that a batch raised, and that parts of it run again."""
    return frame(ISOLATED, 0, _NUMBER.pack(number))


def chunk(request: int, piece: memoryview) -> bytes:
    """The next bytes of a streamed answer."""
    return b"".join((_pack_header(5 + len(piece), CHUNK, request), piece))


def want(request: int, size: int) -> bytes:
    """Asks for so many more bytes of a request's body."""
    return frame(WANT, request, _NUMBER.pack(size))


def response(job: Job, body: bytes, kind: int) -> bytes:
    """A whole answer of status 200 whose headers the gateway knows by its kind."""
    header = _pack_response_header(
        20 + len(body), RESPONSE, job.id, 200, kind, job.waited_s, job.prepared_s, job.predicted_s
    )
    return header + body


def error(job: Job, message: dict[str, Any]) -> bytes:
    """The answer of a request that failed; its fields are those of `ErrorMessage` in `frames.ts`."""
    text = json.dumps(message).encode()
    return _ERROR_HEADER.pack(17 + len(text), ERROR, job.id, job.waited_s, job.prepared_s, job.predicted_s) + text


def response_with_head(job: Job, status: int, headers: list[tuple[str, str]], body: bytes, *, more: bool) -> bytes:
    """An answer with headers of its own; with `more`, CHUNKs and an END follow."""
    head = json.dumps(headers, separators=(",", ":")).encode()
    kind = BODY_HEAD | (BODY_MORE if more else 0)
    size = 20 + 4 + len(head) + len(body)
    header = _pack_response_header(size, RESPONSE, job.id, status, kind, job.waited_s, job.prepared_s, job.predicted_s)
    return b"".join((header, _HEAD_SIZE.pack(len(head)), head, body))
