"""A predictor that cannot start: what is wrong, where, and what to do."""

from __future__ import annotations

import inspect
import linecache
import os
import re
from typing import Any

from spell.worker.rules import RULES


class StartFailure(Exception):
    """Ends the start of a worker. Its fields are those of `FailedMessage` in `frames.ts`.

    `values` fill the rule's sentences, as do the place's file, line and class.
    """

    def __init__(
        self,
        rule: str,
        place: Place | None = None,
        traceback: str | None = None,
        **values: object,
    ) -> None:
        message, hint = RULES[rule]
        place = place or Place(None, None)
        values = {"file": place.file, "line": place.line, "class": place.class_name, **values}
        self.code = rule.partition("/")[0]
        self.message = message.format(**values)
        self.hint = hint.format(**values)
        self.place = place
        self.traceback = traceback
        super().__init__(self.message)

    def to_message(self) -> dict[str, Any]:
        """The payload of a FAILED frame."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "file": self.place.file,
            "line": self.place.line,
            "class": self.place.class_name,
            "traceback": self.traceback,
        }


class Place:
    """Where in the project: a file relative to the project's root, a line from 1, a class."""

    __slots__ = ("class_name", "file", "line")

    def __init__(self, file: str | None, line: int | None, class_name: str | None = None) -> None:
        self.file = file
        self.line = line
        self.class_name = class_name


def place_of_class(cls: type, root: str) -> Place:
    """Where a class is written."""
    try:
        file: str | None = inspect.getsourcefile(cls)
        line: int | None = inspect.getsourcelines(cls)[1]
    except (OSError, TypeError):
        file, line = getattr(inspect.getmodule(cls), "__file__", None), None
    return Place(_relative(file, root), line, cls.__name__)


def place_of_method(method: Any, cls: type, root: str) -> Place:
    """Where a method is written, at its `def`; the class's place when it has none of its own."""
    code = getattr(inspect.unwrap(method), "__code__", None)
    if code is None:
        return place_of_class(cls, root)
    return Place(_relative(code.co_filename, root), _line_of_def(code), cls.__name__)


def _line_of_def(code: Any) -> int:
    first: int = code.co_firstlineno  # That of the first decorator.
    for line in range(first, first + 20):
        if re.match(r"\s*(async\s+)?def\s", linecache.getline(code.co_filename, line)):
            return line
    return first


def _relative(file: str | None, root: str) -> str | None:
    if file is None:
        return None
    return os.path.relpath(file, root) if file.startswith(root + os.sep) else file
