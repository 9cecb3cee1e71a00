"""Which request the running code works for."""

from __future__ import annotations

from contextvars import ContextVar

current_request: ContextVar[bytes] = ContextVar("spell_request", default=b"")
"""Its id as people know it; empty outside requests. Tasks and copied contexts inherit it, so log lines carry it.
Code that runs for several requests at once works for their batch: `batch_mark`."""

_BATCH = b"\x1d"


def batch_mark(batch_id: bytes) -> bytes:
    """What `current_request` holds while a batch of several runs. No request has such an id: they are visible ASCII."""
    return _BATCH + batch_id


def name_in_log(request_id: bytes) -> str:
    """How to call what the log's lines belong to at this moment, to somebody whose request has this id."""
    current = current_request.get()
    if current.startswith(_BATCH):
        return f"batch {current[1:].decode('latin-1')}"
    return f"request {request_id.decode('latin-1')}"
