"""Which request the running code works for."""

from __future__ import annotations

from contextvars import ContextVar

current_request: ContextVar[bytes] = ContextVar("spell_request", default=b"")
"""Its id as people know it; empty outside requests. Tasks and copied contexts inherit it, so log lines carry it."""
