"""The few system calls that a private mount namespace takes, by ctypes (mount(2), unshare(2), pivot_root(2))."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_REMOUNT = 0x20
MS_BIND = 0x1000
MS_MOVE = 0x2000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MS_RELATIME = 0x200000

CLONE_NEWNS = 0x20000
CLONE_NEWUSER = 0x10000000

_MNT_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "armv7l": 218, "ppc64le": 203, "s390x": 217}

# What a mount had must be said again when it is made read-only: a user namespace may not take it away (statvfs(3)).
_KEPT_FLAGS = {2: MS_NOSUID, 4: MS_NODEV, 8: MS_NOEXEC, 1024: 0x400, 2048: 0x800, 4096: MS_RELATIME}

_libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2). Raises OSError that names the call and the target."""
    _check(
        _libc.mount(_path(source), _path(target), _path(kind), ctypes.c_ulong(flags), _path(data)), f"mount {target}"
    )


def unmount(target: str) -> None:
    """Takes a mount away, though it may be busy."""
    _check(_libc.umount2(_path(target), _MNT_DETACH), f"unmount {target}")


def unshare(flags: int) -> None:
    """unshare(2)."""
    _check(_libc.unshare(flags), "unshare")


def bind(source: str, target: str) -> None:
    """Makes a tree (with what is mounted in it) appear at a second place."""
    mount(source, target, None, MS_BIND | MS_REC)


def make_read_only(target: str) -> None:
    """Makes a mount and all below it read-only."""
    for place in list(_mounts_below(os.path.realpath(target))):
        flags = os.statvfs(place).f_flag
        kept = sum(mount_flag for flag, mount_flag in _KEPT_FLAGS.items() if flags & flag)
        mount(None, place, None, MS_REMOUNT | MS_BIND | MS_RDONLY | kept)


def change_root(root: str) -> None:
    """Makes a mount the root of the file system, and lets go of the old one."""
    os.chdir(root)
    number = _PIVOT_ROOT.get(os.uname().machine)
    if number is not None and _libc.syscall(number, b".", b".") == 0:
        unmount(".")
    else:
        # A root that cannot be pivoted (an initial ram disk's) can be covered.
        mount(".", "/", None, MS_MOVE)
        os.chroot(".")
    os.chdir("/")


def _mounts_below(target: str) -> Iterator[str]:
    """Mount points at or below a path, in the order in which they were mounted (proc(5), mountinfo)."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            place = line.split(" ")[4].encode("utf-8", "surrogateescape").decode("unicode_escape").encode("latin-1")
            path = os.fsdecode(place)
            if path == target or path.startswith(target + os.sep):
                yield path


def _path(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
