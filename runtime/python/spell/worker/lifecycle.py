"""Sees to it that nothing outlives the worker, and the worker not its gateway."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import NoReturn

from spell.worker.log_stream import LogStream

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LONGEST_EXIT_S = 5.0


def lead_process_group() -> None:
    """Makes this process the leader of a group (and session) of its own: so what it starts can be signalled, too."""
    if os.getpgrp() != os.getpid():
        with contextlib.suppress(OSError):
            os.setsid()


def adopt_descendants() -> None:
    """On Linux: processes that the predictor started and detached become our children, so that they can be found, and
    this process is killed when its gateway dies, even while the interpreter is wedged."""
    if sys.platform != "linux":
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getppid()
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # It died before it could be watched.


def keep_from_children(fds: tuple[int, ...]) -> None:
    """Our descriptors are not for the processes that the predictor starts or forks."""

    def replace_all() -> None:
        # Their numbers stay taken: the objects that a forked child inherits must not close something of its own.
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in fds:
            os.dup2(nothing, fd, inheritable=False)
        os.close(nothing)

    for fd in fds:
        os.set_inheritable(fd, False)
    os.register_at_fork(after_in_child=replace_all)


def end_now(status: int = 0) -> NoReturn:
    """Ends this process and everything that it started, at once."""
    kill_descendants()
    if sys.platform != "linux" and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(status)


def end_in_order(status: int = 0) -> NoReturn:
    """Ends like a program that came to its end: exit handlers run, but not for ever. In the main thread."""
    threading.Thread(target=_end_late, args=(status,), daemon=True).start()
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    flush_logs()
    kill_descendants()
    if sys.platform != "linux" and os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(os.getpid(), signal.SIGTERM)
    os._exit(status)


def flush_logs() -> None:
    """Writes out lines that were begun and not ended."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, LogStream):
            stream.flush_partials()


def _end_late(status: int) -> None:
    time.sleep(_LONGEST_EXIT_S)
    end_now(status)


def kill_descendants() -> None:
    """Kills all processes that descend from this one, where the system lists them (Linux). New ones may appear
    meanwhile, so it looks until there are none."""
    for _ in range(20):
        found = list(_descendants(os.getpid()))
        if not found:
            break
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        _reap()


def _reap() -> None:
    with contextlib.suppress(OSError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _descendants(ancestor: int) -> Iterator[int]:
    """Children, theirs, and so on, from /proc; nothing where there is none."""
    children: dict[int, list[int]] = {}
    with contextlib.suppress(OSError):
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                pid, parent, state = _process(entry)
                if state != "Z":
                    children.setdefault(parent, []).append(pid)
    pending = children.get(ancestor, [])
    while pending:
        pid = pending.pop()
        yield pid
        pending += children.get(pid, [])


def _process(entry: str) -> tuple[int, int, str]:
    try:
        with open(f"/proc/{entry}/stat", encoding="latin-1") as file:
            fields = file.read().rpartition(")")[2].split()
        return int(entry), int(fields[1]), fields[0]
    except (OSError, IndexError):  # It ended meanwhile.
        return int(entry), -1, "Z"
