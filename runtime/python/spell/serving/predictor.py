"""The class that predictors derive from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from spell.serving.model_info import ModelInfo


class BasePredictor:
    """Derive from it, and give the class a method `predict`.

    `__init__` runs once per worker process, before the first request: load the model there. It receives the server's
    config as keyword arguments. `predict` runs for every request. Both it and `health` may be plain, `async`, static
    or class methods; plain ones run one at a time in a process.

    The base class has neither an `__init__` nor any state, so a subclass needs no `super().__init__()`.
    """

    model_info: ClassVar[ModelInfo | list[ModelInfo] | None] = None
    """The model that is served, already there in `__init__`: None without a model (and outside a server), a list when
    the server has several."""

    def health(self, *_: Any, **__: Any) -> Any:
        """What `/health` answers. Override it to say more, or to say no: raise an `HTTPException`, or return a
        response whose status is not 2xx."""
        return {"status": "ok"}
