"""What predictors print, line by line, with the request that printed it.

A line of which the worker knows more than its text is written as

    \\x1e requestId \\x1f level \\x1f text \\n

where id and level may be empty (`runtime/serving/wire/log-line.ts` reads it). Lines from elsewhere, a C library or a
child process, have no such prefix. Lines that belong together, those of one call and those of a traceback, are written
as one, each behind a \x1c, so that nothing comes between them.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
import sys
import threading
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from spell.worker.current_request import current_request

_ATOMIC_BYTES = 4096
"""What a pipe takes as one piece: PIPE_BUF on Linux."""
_MOST_PARTIALS = 64
_MOST_TOGETHER = 32 * 1024
"""Bytes of lines that are kept together: the gateway cuts what is longer than 64 KiB."""
_TRACEBACK = "Traceback (most recent call last):"
_MOST_HELD = 1000
"""Lines of a traceback that seems to have no end."""

log_level: ContextVar[str] = ContextVar("spell_log_level", default="")
"""The level of the logging record that is being written."""


def install_log_streams() -> None:
    """Replaces `sys.stdout` and `sys.stderr`."""
    for name, fd in (("stdout", 1), ("stderr", 2)):
        setattr(sys, name, LogStream(name, fd))


def log_error(text: str) -> None:
    """Writes text of ours (a traceback, say) to the log, as an error."""
    token = log_level.set("ERROR")
    try:
        sys.stderr.write(text)
    finally:
        log_level.reset(token)


class LogStream(io.TextIOBase):
    """A text stream that writes whole lines, each with its request's id and level, and never tears one.

    What is printed without a newline waits for the rest of its line: per thread and request, so that two requests'
    pieces do not mix.
    """

    def __init__(self, name: str, fd: int) -> None:
        self._fd = fd
        self._partials: dict[tuple[int, bytes], str] = {}
        self._held: dict[tuple[int, bytes], list[str]] = {}
        """Tracebacks whose last line was not printed yet: `traceback` prints them line by line."""
        self._lock = threading.RLock()
        self.name = f"<{name}>"
        self.mode = "w"
        self.buffer = io.FileIO(fd, "w", closefd=False)
        """For those who write bytes; they get no prefix."""
        os.register_at_fork(after_in_child=self._after_fork)

    encoding = "utf-8"
    errors = "backslashreplace"
    line_buffering = True

    def write(self, text: str) -> int:
        """Writes the lines that are complete."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        _watch_logging()
        key = (threading.get_ident(), current_request.get())
        with self._lock:
            lines, newline, rest = (self._partials.pop(key, "") + text).rpartition("\n")
            if newline:
                self._take(key, lines.split("\n"))
            if rest:
                self._keep(key, rest)
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Writes each."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Does nothing: whole lines are written at once, and the others wait for their end."""

    def flush_partials(self) -> None:
        """Writes what still waits for the end of its line."""
        with self._lock:
            for key in [*self._held, *(key for key in self._partials if key not in self._held)]:
                partial = self._partials.pop(key, None)
                self._write_lines(self._held.pop(key, []) + ([] if partial is None else [partial]), key[1])

    def fileno(self) -> int:
        """The descriptor underneath."""
        return self._fd

    def isatty(self) -> bool:
        """It is not."""
        return False

    def writable(self) -> bool:
        """It is."""
        return True

    def reconfigure(self, **_: Any) -> None:
        """Accepted and ignored: encoding and buffering are what the log needs."""

    def _keep(self, key: tuple[int, bytes], rest: str) -> None:
        # A progress bar rewrites its line with carriage returns; the last state is what a terminal would show.
        self._partials[key] = rest if rest.endswith("\r") else rest.rpartition("\r")[2]
        if len(self._partials) > _MOST_PARTIALS:
            oldest = next(iter(self._partials))
            self._write_lines([self._partials.pop(oldest)], oldest[1])

    def _take(self, key: tuple[int, bytes], lines: list[str]) -> None:
        held = self._held.pop(key, [])
        together = held + lines
        # The last line of a traceback names the error, and is not indented; more of them may follow in the same call.
        begin = _last_index(together, _TRACEBACK)
        if (
            begin is not None
            and len(together) < _MOST_HELD
            and all(line[:1] in " \t" for line in together[begin + 1 :])
        ):
            self._held[key] = together
            if len(self._held) > _MOST_PARTIALS:
                oldest = next(iter(self._held))
                self._write_lines(self._held.pop(oldest), oldest[1])
        else:
            self._write_lines(together, key[1])

    def _write_lines(self, lines: list[str], request: bytes) -> None:
        prefix = b"\x1e" + request + b"\x1f" + log_level.get().encode() + b"\x1f"
        shown = [_shown(line) for line in lines]
        if len(shown) > 1 and not any(b"\x1c" in line for line in shown):
            together = prefix + b"".join(b"\x1c" + line for line in shown) + b"\n"
            if len(together) <= _MOST_TOGETHER:
                self._write_all(together)
                return
        piece = b""
        for line in shown:
            data = prefix + line + b"\n"
            if piece and len(piece) + len(data) > _ATOMIC_BYTES:
                self._write_all(piece)
                piece = b""
            piece += data
        self._write_all(piece)

    def _write_all(self, data: bytes) -> None:
        # Nobody reads any more: the gateway is gone, and so will we be.
        with contextlib.suppress(BrokenPipeError):
            while data:
                try:
                    data = data[os.write(self._fd, data) :]
                except BlockingIOError:
                    select.select([], [self._fd], [])

    def _after_fork(self) -> None:
        # Another thread may have held it, and does not exist here.
        self._lock = threading.RLock()


def _shown(line: str) -> bytes:
    return (line[:-1] if line.endswith("\r") else line).rpartition("\r")[2].encode("utf-8", "backslashreplace")


def _last_index(lines: list[str], wanted: str) -> int | None:
    return next((index for index in range(len(lines) - 1, -1, -1) if lines[index] == wanted), None)


_logging_watched = False


def _watch_logging() -> None:
    """Lets log lines carry their record's level, once the `logging` module is there. It changes no logger and no
    handler: every handler's `handle` only notes the level while it emits."""
    global _logging_watched
    logging = sys.modules.get("logging")
    if _logging_watched or logging is None or not hasattr(logging, "Handler"):
        return
    _logging_watched = True
    handle = logging.Handler.handle

    def handle_with_level(self: Any, record: Any) -> Any:
        token = log_level.set(record.levelname)
        try:
            return handle(self, record)
        finally:
            log_level.reset(token)

    logging.Handler.handle = handle_with_level


def watch_logging() -> None:
    """To be called when the predictor has been imported, so that its first record has its level, too."""
    _watch_logging()
