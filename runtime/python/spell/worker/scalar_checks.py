"""Checks of single JSON values, for payloads that have a type."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any, Callable

Convert = Callable[[Any, str], Any]
"""Makes the annotated type of a JSON value at a path, or raises InvalidPayload."""


class InvalidPayload(ValueError):
    """A payload that does not match. `fields` are pairs of path and sentence."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self.fields = list(fields)
        super().__init__("the payload does not match: " + "; ".join(_sentence(*field) for field in self.fields))


def _sentence(path: str, message: str) -> str:
    return f"{path}: {message}" if path else message


def as_it_is(value: Any, _: str) -> Any:
    """Checks nothing."""
    return value


def expected(value: Any, path: str, what: str) -> InvalidPayload:
    """The refusal of a value of another kind."""
    return InvalidPayload([(path, f"must be {what}, not {_json_name(value)}")])


def _json_name(value: Any) -> str:
    if value is None:
        return "null"
    names = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a number",
    }
    return names.get(type(value), type(value).__name__)


def _str(value: Any, path: str) -> Any:
    if not isinstance(value, str):
        raise expected(value, path, "a string")
    return value


def _int(value: Any, path: str) -> Any:
    if not isinstance(value, int) or isinstance(value, bool):
        raise expected(value, path, "an integer")
    return value


def _float(value: Any, path: str) -> Any:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise expected(value, path, "a number")
    return float(value)


def _bool(value: Any, path: str) -> Any:
    if not isinstance(value, bool):
        raise expected(value, path, "a boolean")
    return value


def none(value: Any, path: str) -> Any:
    """Allows null only."""
    if value is not None:
        raise expected(value, path, "null")
    return None


SCALARS: dict[Any, Convert] = {str: _str, int: _int, float: _float, bool: _bool, type(None): none, None: none}


def one_of(allowed: tuple[Any, ...]) -> Convert:
    """Allows some values, as `Literal` does."""

    def convert(value: Any, path: str) -> Any:
        if not any(value == each and type(value) is type(each) for each in allowed):
            raise InvalidPayload([(path, "must be one of " + ", ".join(map(repr, allowed)))])
        return value

    return convert


def member_of(kind: type[enum.Enum]) -> Convert:
    """Makes an enumeration's member of its value."""

    def convert(value: Any, path: str) -> Any:
        try:
            return kind(value)
        except ValueError:
            raise InvalidPayload([(path, "must be one of " + ", ".join(repr(each.value) for each in kind))]) from None

    return convert
