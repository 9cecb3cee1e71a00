"""Puts /model and /mounts in place, the way that the control plane found to work here."""

from __future__ import annotations

from typing import Any

from spell.serving.model_info import ModelInfo
from spell.worker.path_map import PathMap
from spell.worker.start_failure import StartFailure


def put_paths_in_place(start: dict[str, Any]) -> PathMap | None:
    """Afterwards `/model` works for everyone (then there is no map), or for those whose paths are led by the map."""
    if start["paths"] == "rewrite":
        from spell.worker.redirect import install_redirection

        paths = PathMap(start["modelFolder"], start["mountsFolder"], start["emptyFolder"])
        install_redirection(paths)
        return paths
    from spell.worker.namespace import enter_namespace

    try:
        enter_namespace(start["emptyFolder"], start["modelFolder"], start["mountsFolder"])
    except OSError as error:
        raise StartFailure("paths-failed", problem=str(error)) from error
    return None


def model_infos(start: dict[str, Any]) -> ModelInfo | list[ModelInfo] | None:
    """What `self.model_info` is: None, the only model, or all of them."""
    infos = [ModelInfo.at(model["name"], model["version"], model["folder"]) for model in start["models"]]
    return infos if len(infos) > 1 else next(iter(infos), None)
