"""Which model a predictor serves."""

from __future__ import annotations

from typing import NamedTuple


class _Fields(NamedTuple):
    name: str
    version: str


class ModelInfo(_Fields):
    """One model of this model server: a namedtuple of `name` and `version`, which also knows where its files are."""

    _folder: str

    @classmethod
    def at(cls, name: str, version: str, folder: str) -> ModelInfo:
        """Makes one. Only the worker does."""
        info = cls(name, version)
        info._folder = folder
        return info

    def path(self) -> str:
        """The folder that holds the model's files: `/model`, or `/model/NAME` when the server has several models.

        Where the system does not let `/model` exist (see docs/predictors.md), it is the real folder, so that it can
        be given to any library.
        """
        return self._folder
