"""Tracebacks as the predictor's author wants to see them: without the worker's own frames."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import TracebackType

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_IMPORTLIB = "<frozen importlib"


def user_traceback(error: BaseException) -> str:
    """The error with its causes, as Python prints it, without our frames at its top."""
    import traceback

    return "".join(traceback.format_exception(type(error), error, _below_ours(error.__traceback__)))


def innermost_in(error: BaseException, root: str) -> tuple[str, int] | None:
    """The file (relative to `root`) and line of the innermost frame that lies in the project."""
    found = None
    for file, line in _places(error):
        if file.startswith(root + os.sep):
            found = (os.path.relpath(file, root), line)
    return found


def _places(error: BaseException) -> Iterator[tuple[str, int]]:
    link = error.__traceback__
    while link is not None:
        yield link.tb_frame.f_code.co_filename, link.tb_lineno
        link = link.tb_next


def _below_ours(link: TracebackType | None) -> TracebackType | None:
    """Skips the frames at the top that are ours or the import system's."""
    inner = link
    while inner is not None and _is_ours(inner.tb_frame.f_code.co_filename):
        inner = inner.tb_next
    return inner or link


def _is_ours(file: str) -> bool:
    return file.startswith((_OURS, _IMPORTLIB))
