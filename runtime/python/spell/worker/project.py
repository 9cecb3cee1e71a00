"""Loads the predictor's file as its project would, and finds the predictor class in it."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from spell.worker.path_map import PathMap
from spell.worker.start_failure import Place, StartFailure, place_of_class
from spell.worker.traceback_text import innermost_in, user_traceback

PYTHON_VERSION = ".".join(map(str, sys.version_info[:3]))
"""The interpreter's, as people say it."""


def enter_project(root: str) -> None:
    """The project's root becomes the working directory, and stands on `sys.path` right behind our own package."""
    os.chdir(root)
    sys.path.insert(1, root)


def import_entrypoint(root: str, entrypoint: str, paths: PathMap | None) -> ModuleType:
    """Imports the predictor's file under the name that it has in its project. Raises StartFailure.

    `paths` is given where the file's own literals have to be rewritten.
    """
    file = os.path.join(root, entrypoint)
    if not os.path.isfile(file):
        raise StartFailure("entrypoint-missing", Place(entrypoint, None), root=root)
    folder, package = _package_of(file)
    if folder != root:
        # The file is no part of a package that starts at the root: its own folder is where it imports from.
        sys.path.insert(1, folder)
    try:
        return _import(file, package, paths)
    except BaseException as error:
        raise _import_failure(error, root, entrypoint) from error


def _package_of(file: str) -> tuple[str, str]:
    """The first folder upwards without `__init__.py`, and the file's package below it."""
    folder = os.path.dirname(file)
    names: list[str] = []
    while os.path.exists(os.path.join(folder, "__init__.py")) and os.path.basename(folder):
        folder, name = os.path.split(folder)
        names.insert(0, name)
    return folder, ".".join(names)


def _import(file: str, package: str, paths: PathMap | None) -> ModuleType:
    stem = os.path.splitext(os.path.basename(file))[0]
    name = f"{package}.{stem}" if package else stem
    parent = importlib.import_module(package) if package else None
    if name in sys.modules and getattr(sys.modules[name], "__file__", None) != file:
        name = f"{name}_predictor"  # A file that is called like a module which is already in use.
    if name in sys.modules:
        return sys.modules[name]  # The package has imported it itself.
    spec = importlib.util.spec_from_file_location(name, file, loader=_loader(name, file, paths))
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    if parent is not None:
        setattr(parent, stem, module)
    return module


def _loader(name: str, file: str, paths: PathMap | None) -> Any:
    if paths is None:
        return None
    from spell.worker.literals import RewritingLoader

    return RewritingLoader(name, file, paths)


def _import_failure(error: BaseException, root: str, entrypoint: str) -> StartFailure:
    text = user_traceback(error)
    if isinstance(error, SyntaxError) and error.filename is not None:
        file = os.path.relpath(error.filename, root) if error.filename.startswith(root + os.sep) else error.filename
        return StartFailure("syntax-error", Place(file, error.lineno), text, python=PYTHON_VERSION, problem=error.msg)
    file, line = innermost_in(error, root) or (entrypoint, None)
    place = Place(file, line)
    if isinstance(error, ModuleNotFoundError) and error.name and not _is_in_project(error.name, root):
        interpreter = f"Python {PYTHON_VERSION} ({sys.executable})"
        return StartFailure("missing-dependency", place, text, module=error.name.partition(".")[0], python=interpreter)
    return StartFailure("import-failed", place, text, file=entrypoint, exception=sentence_of(error), root=root)


def _is_in_project(module: str, root: str) -> bool:
    top = os.path.join(root, module.partition(".")[0])
    return os.path.isdir(top) or os.path.isfile(f"{top}.py")


def sentence_of(error: BaseException) -> str:
    """`ValueError: no such file`, as the last line of a traceback."""
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def choose_predictor(module: ModuleType, classname: str | None, root: str, entrypoint: str) -> type:
    """The class that is served. Raises StartFailure when there is none, or more than one to choose from."""
    from spell.serving import BasePredictor

    classes = {id(value): value for value in vars(module).values() if isinstance(value, type)}.values()
    known = [cls for cls in classes if issubclass(cls, BasePredictor) and cls is not BasePredictor]
    if classname is not None:
        return _by_name(known, classname, root, entrypoint)
    # What is written here counts; only a file that has none of its own serves one that it imports.
    candidates = [cls for cls in known if cls.__module__ == module.__name__] or known
    if not candidates:
        raise StartFailure("no-predictor", Place(entrypoint, None))
    if len(candidates) > 1:
        place = Place(entrypoint, place_of_class(candidates[1], root).line)
        raise StartFailure("several-predictors", place, candidates=_names(candidates, root))
    return candidates[0]


def _by_name(known: Iterable[type], classname: str, root: str, entrypoint: str) -> type:
    found = [cls for cls in known if cls.__name__ == classname]
    if not found:
        candidates = _names(known, root) or "none"
        raise StartFailure("classname-missing", Place(entrypoint, None), classname=classname, candidates=candidates)
    return found[0]


def _names(classes: Iterable[type], root: str) -> str:
    return ", ".join(f"{cls.__name__} (line {place_of_class(cls, root).line})" for cls in classes)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant."""
    import difflib

    return next(iter(difflib.get_close_matches(name, list(names), 1)), None)
