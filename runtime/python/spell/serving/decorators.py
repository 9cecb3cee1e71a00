"""The decorators that ask for Starlette's objects by a parameter's name, for those who do not annotate."""

from __future__ import annotations

from typing import Any, Callable, TypeVar, overload

Method = TypeVar("Method")

REQUEST = "request"
BACKGROUND_TASKS = "background-tasks"

_ATTRIBUTE = "__spell_injected__"


@overload
def with_full_request(name: str = "request") -> Callable[[Method], Method]: ...
@overload
def with_full_request(name: Method) -> Method: ...
def with_full_request(name: Any = "request") -> Any:
    """Passes the whole Starlette `Request` into the parameter called `name`.

    Works on `predict`, `prepare` and `health`, and stacks with `with_background_tasks`. If no other parameter takes
    the payload, the body is not parsed.
    """
    return _injects(REQUEST, name, "request")


@overload
def with_background_tasks(name: str = "tasks") -> Callable[[Method], Method]: ...
@overload
def with_background_tasks(name: Method) -> Method: ...
def with_background_tasks(name: Any = "tasks") -> Any:
    """Passes Starlette's `BackgroundTasks` into the parameter called `name`; they run after the answer was sent."""
    return _injects(BACKGROUND_TASKS, name, "tasks")


def injected_by_decorator(method: Any) -> list[tuple[str, str]]:
    """What the decorators on a method ask for, as pairs of kind and parameter's name."""
    return list(getattr(method, _ATTRIBUTE, ()))


def _injects(kind: str, name: Any, default_name: str) -> Any:
    if not isinstance(name, str):
        # Written without parentheses: `name` is the method itself.
        return _mark(name, kind, default_name)
    return lambda method: _mark(method, kind, name)


def _mark(method: Any, kind: str, name: str) -> Any:
    # A static or class method keeps the mark on the function inside, where its bound forms find it.
    function = getattr(method, "__func__", method)
    setattr(function, _ATTRIBUTE, (*getattr(function, _ATTRIBUTE, ()), (kind, name)))
    return method
