"""The model server as the application of its requests: `request.app` and `request.url_for`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from starlette.datastructures import State, URLPath

_NAMES = ("predict", "health", "ready")


class Application:
    """What stands in a scope for Starlette's application, and for its router. Where a scope has one, Starlette answers
    a form that is wrong with 400 instead of raising what nobody handles."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.state = State()
        """Kept as long as the worker runs."""

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The path of `predict`, `health` or `ready`. Raises Starlette's NoMatchFound for any other name."""
        if name in _NAMES and not path_params:
            return URLPath(path=f"{self._prefix}/{name}", protocol="http")
        from starlette.routing import NoMatchFound  # 10 ms, which nobody pays who asks for what there is.

        raise NoMatchFound(name, path_params)


@lru_cache(maxsize=4)
def application_of(path: str) -> Application:
    """The application that answers at a path: one for all verbs of a model server."""
    return _application_at(path.rpartition("/")[0])


@lru_cache(maxsize=2)
def _application_at(prefix: str) -> Application:
    return Application(prefix)
