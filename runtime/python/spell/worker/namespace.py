"""Makes /model and /mounts exist for this process alone, on Linux.

The process enters a mount namespace of its own, whose root is put together on an empty folder: every top-level entry of
the machine's root is bound into it, and beside them stand /model and /mounts. So everything that opens files finds
them, libraries written in C included, and nothing is created in the machine's real root.

To be called before the first thread: the system moves single-threaded processes only into a user namespace.
"""

from __future__ import annotations

import contextlib
import os

from spell.worker.mounts import (
    CLONE_NEWNS,
    CLONE_NEWUSER,
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    bind,
    change_root,
    make_read_only,
    mount,
    unmount,
    unshare,
)

MODEL = "/model"
MOUNTS = "/mounts"


def enter_namespace(empty_folder: str, model: str | None, mounts: str | None) -> str:
    """Puts the folders `model` and `mounts` (or empty ones) at /model and /mounts, read-only, as is the root itself.

    Returns how: `root`, or `user` for an ordinary user's namespace. The working directory stays. Raises OSError where
    the system does not allow it; the process is then to be given up, since it may be half way there.
    """
    here = os.getcwd()
    root = os.path.realpath(empty_folder)
    sources = {MODEL: model and os.path.realpath(model), MOUNTS: mounts and os.path.realpath(mounts)}
    way = _leave_the_machines_namespace()
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount("spell", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k")
    _bind_everything(root)
    for place, source in sources.items():
        os.mkdir(root + place)
        if source:
            bind(source, root + place)
            make_read_only(root + place)
    # The bound trees hold the folder that the new root stands on, and so a copy of the root itself.
    with contextlib.suppress(OSError):
        unmount(root + root)
    mount(None, root, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    change_root(root)
    os.chdir(here)
    return way


def _leave_the_machines_namespace() -> str:
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        with contextlib.suppress(PermissionError):
            unshare(CLONE_NEWNS)
            return "root"
    unshare(CLONE_NEWUSER | CLONE_NEWNS)
    for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{file}", "w") as map_file:
            map_file.write(text)
    return "user"


def _bind_everything(root: str) -> None:
    with os.scandir("/") as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            target = f"{root}/{entry.name}"
            if "/" + entry.name in (MODEL, MOUNTS):
                continue
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), target)
            elif entry.is_dir():
                os.mkdir(target)
                _bind_if_allowed(entry.path, target)
            else:
                with open(target, "x"):
                    pass
                _bind_if_allowed(entry.path, target)


def _bind_if_allowed(source: str, target: str) -> None:
    """An entry that this user may not even bind is one that the predictor could not have used."""
    with contextlib.suppress(PermissionError):
        bind(source, target)
