"""Makes the predictor: checks the config against `__init__`, then calls it."""

from __future__ import annotations

import inspect
from typing import Any

from spell.worker.annotations import signature_of
from spell.worker.project import nearest, sentence_of
from spell.worker.start_failure import Place, StartFailure, place_of_class, place_of_method
from spell.worker.traceback_text import innermost_in, user_traceback


def check_config(cls: type, config: Any, root: str) -> dict[str, Any]:
    """The keyword arguments of `__init__`. Raises StartFailure before anything of the predictor has run."""
    if config is None:
        config = {}
    if not isinstance(config, dict):
        found = "a list" if isinstance(config, list) else f"a {type(config).__name__}"
        raise StartFailure("config-not-mapping", place_of_class(cls, root), found=found)
    init = inspect.getattr_static(cls, "__init__")
    has_init = init is not object.__init__
    place = place_of_method(init, cls, root) if has_init else place_of_class(cls, root)
    parameters = list(signature_of(init).parameters.values())[1:] if has_init else []
    named = [each for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    if not any(each.kind is each.VAR_KEYWORD for each in parameters):
        _refuse_unknown_keys(cls, config, [each.name for each in named], place)
    for parameter in parameters:
        variadic = parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        by_name = parameter in named and parameter.name in config
        if not variadic and not by_name and parameter.default is parameter.empty:
            raise StartFailure("config-missing", place, parameter=parameter.name)
    return config


def _refuse_unknown_keys(cls: type, config: dict[str, Any], names: list[str], place: Place) -> None:
    for key in config:
        if key not in names:
            meant = nearest(key, names)
            accepted = (
                f"it accepts {', '.join(names)}"
                if names
                else f"{cls.__name__}.__init__ accepts no config: remove the key"
            )
            suggestion = f"did you mean `{meant}`?" if meant else accepted
            raise StartFailure("config-key-unknown", place, key=key, suggestion=suggestion)


def construct(cls: type, arguments: dict[str, Any], root: str) -> Any:
    """The predictor. Raises StartFailure for whatever its `__init__` raises, `SystemExit` included."""
    try:
        return cls(**arguments)
    except BaseException as error:
        file, line = innermost_in(error, root) or (place_of_class(cls, root).file, None)
        place = Place(file, line, cls.__name__)
        raise StartFailure("init-failed", place, user_traceback(error), exception=sentence_of(error)) from error
