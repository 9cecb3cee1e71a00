"""Whether a value can be pickled, which what `prepare` returns must be (the specification's "Using server-side batching
with Starlette requests"), found out without keeping the pickle or copying the data of arrays."""

from __future__ import annotations

import pickle
import types
from typing import Any

from spell.worker.json_text import BadResult
from spell.worker.loaded import is_instance_of

_ATOMS = frozenset({type(None), bool, int, float, str, bytes})


def check_picklable(value: Any) -> None:
    """Raises BadResult, naming the type inside of the value that cannot be pickled."""
    if type(value) in _ATOMS:
        return
    pickler = _Trial()
    try:
        pickler.dump(value)
    except Exception as error:
        name = _type_name(pickler.last, value)
        raise BadResult(f"what joins a batch must be picklable, and a value of type {name} is not ({error})") from None


class _Nowhere:
    def write(self, data: Any) -> int:
        return len(data)


class _Trial(pickle.Pickler):
    """Pickles into nothing. It hears of every object but the plain ones, so the last one is to blame for a failure."""

    def __init__(self) -> None:
        super().__init__(_Nowhere(), protocol=5, buffer_callback=lambda _: None)
        self.last: Any = None

    def reducer_override(self, obj: Any) -> Any:
        self.last = obj
        # A tensor pickles its storage byte by byte, and is known to be able to.
        return (object, ()) if is_instance_of(obj, "torch", "Tensor") else NotImplemented


def _type_name(last: Any, value: Any) -> str:
    found = value if last is None else last
    if isinstance(found, types.FunctionType):
        return f"function ({found.__qualname__})"
    kind = found if isinstance(found, type) else type(found)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
