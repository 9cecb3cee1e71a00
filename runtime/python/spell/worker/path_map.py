"""Where /model and /mounts really are, for systems that do not let them exist."""

from __future__ import annotations

import errno
import os
from typing import Any


class PathMap:
    """Maps paths at or below /model and /mounts to real folders.

    A place without a folder (no model, no mounts) maps to nothing that exists, rather than to the machine's own.
    """

    def __init__(self, model: str | None, mounts: str | None, empty_folder: str) -> None:
        nowhere = os.path.join(empty_folder, "none")
        self._folders = {"/model": model or nowhere, "/mounts": mounts or empty_folder}
        self._real = tuple(os.path.realpath(folder) + os.sep for folder in self._folders.values())

    def text(self, path: str) -> str:
        """The real path of a path; any other text as it is."""
        for place, folder in self._folders.items():
            if path == place or path.startswith(place + "/"):
                return folder + path[len(place) :]
        return path

    def data(self, path: bytes) -> bytes:
        """The same for bytes."""
        return os.fsencode(self.text(os.fsdecode(path))) if path.startswith((b"/model", b"/mounts")) else path

    def any(self, path: Any) -> Any:
        """The same for whatever a file function takes: text, bytes, a path object; descriptors as they are."""
        if type(path) is str:
            return self.text(path) if path.startswith("/m") else path
        if isinstance(path, bytes):
            return self.data(path)
        if isinstance(path, os.PathLike):
            plain = os.fspath(path)
            mapped = self.any(plain)
            return path if mapped == plain else mapped
        return self.text(path) if isinstance(path, str) else path

    def refuse_writing(self, path: Any) -> None:
        """Raises OSError for a (mapped) path in one of the folders, as a read-only file system does."""
        if isinstance(path, (str, bytes, os.PathLike)):
            absolute = os.path.abspath(os.fsdecode(path)) + os.sep
            if absolute.startswith(self._real):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fsdecode(path))
