"""Leads Python's own file functions from /model and /mounts to the real folders, for paths made at run time.

Libraries written in C do not ask these functions; a path made at run time and given to one gets no help.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
from typing import Any, Callable

from spell.worker.path_map import PathMap

_READING = (
    "access", "chdir", "getxattr", "listdir", "listxattr", "lstat", "pathconf", "readlink", "scandir", "stat",
    "statvfs",
)  # fmt: skip
_WRITING = (
    "chmod", "chown", "lchown", "mkdir", "mkfifo", "mknod", "remove", "removexattr", "rmdir", "setxattr", "truncate",
    "unlink", "utime",
)  # fmt: skip
_WRITING_TWO = ("link", "rename", "replace", "symlink")

_KEEPERS = (
    "codecs",
    "fileinput",
    "fnmatch",
    "glob",
    "linecache",
    "pathlib",
    "shutil",
    "tempfile",
    "tokenize",
    "zipfile",
)

Wrapper = Callable[..., Any]


class _Redirected:
    """A function whose first path is mapped. An object and not a function, since some classes keep file functions as
    attributes (pathlib of Python 3.9), where a function would become a method."""

    def __init__(self, function: Wrapper, call: Wrapper) -> None:
        self.__wrapped__ = function
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self._call = call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(*args, **kwargs)


def install_redirection(paths: PathMap) -> None:
    """Replaces the functions, also where modules that are already imported keep references to them."""
    replaced: dict[int, _Redirected] = {}
    opening = _Redirected(builtins.open, _opener(builtins.open, paths))
    replaced[id(builtins.open)] = opening
    builtins.open = opening
    io.open = opening
    makers = [(("open",), _low_level_opener), (_READING, _reader), (_WRITING, _writer), (_WRITING_TWO, _writer_of_two)]
    for names, make in makers:
        for name in names:
            original = getattr(os, name, None)
            if original is not None:
                wrapper = replaced[id(original)] = _Redirected(original, make(original, paths))
                setattr(os, name, wrapper)
                _claim_capabilities(original, wrapper)
    _replace_kept_references(replaced)


def _claim_capabilities(original: Wrapper, wrapper: _Redirected) -> None:
    """Others look in these sets whether a function takes descriptors or follows links."""
    for capability in (os.supports_dir_fd, os.supports_effective_ids, os.supports_fd, os.supports_follow_symlinks):
        if original in capability:
            capability.add(wrapper)


def _replace_kept_references(replaced: dict[int, _Redirected]) -> None:
    """What an environment's start-up files imported may keep file functions: as globals (`from os import stat`), or in
    classes (pathlib before 3.11, glob from 3.13 on)."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in _KEEPERS or module is None:
            continue
        for holder in [module, *(each for each in vars(module).values() if isinstance(each, type))]:
            for attribute, value in list(vars(holder).items()):
                kept = value.__func__ if isinstance(value, staticmethod) else value
                if id(kept) in replaced:
                    setattr(holder, attribute, replaced[id(kept)])


def _opener(function: Wrapper, paths: PathMap) -> Wrapper:
    def call(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        mapped = paths.any(file)
        if isinstance(mode, str) and not {"w", "a", "x", "+"}.isdisjoint(mode):
            paths.refuse_writing(mapped)
        return function(mapped, mode, *args, **kwargs)

    return call


def _low_level_opener(function: Wrapper, paths: PathMap) -> Wrapper:
    def call(path: Any, flags: int, *args: Any, **kwargs: Any) -> Any:
        mapped = paths.any(path)
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
            paths.refuse_writing(mapped)
        return function(mapped, flags, *args, **kwargs)

    return call


def _reader(function: Wrapper, paths: PathMap) -> Wrapper:
    def call(*args: Any, **kwargs: Any) -> Any:
        if args:
            return function(paths.any(args[0]), *args[1:], **kwargs)
        return function(**{name: paths.any(value) if name == "path" else value for name, value in kwargs.items()})

    return call


def _writer(function: Wrapper, paths: PathMap) -> Wrapper:
    def call(*args: Any, **kwargs: Any) -> Any:
        path = paths.any(args[0] if args else kwargs["path"])
        if kwargs.get("dir_fd") is None:
            paths.refuse_writing(path)
        return function(path, *args[1:], **{name: value for name, value in kwargs.items() if name != "path"})

    return call


def _writer_of_two(function: Wrapper, paths: PathMap) -> Wrapper:
    def call(src: Any, dst: Any, *args: Any, **kwargs: Any) -> Any:
        source, target = paths.any(src), paths.any(dst)
        if function.__name__ in ("rename", "replace"):
            paths.refuse_writing(source)
        paths.refuse_writing(target)
        return function(source, target, *args, **kwargs)

    return call
