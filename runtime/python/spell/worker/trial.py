"""Says whether private mount namespaces work on this machine, by doing all of it in a child:

    PYTHON <...>/spell/worker/__main__.py trial EMPTY_FOLDER

prints `{"works": true, "way": "root" | "user"}` or `{"works": false, "reason": "..."}` and ends with status 0.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

_MARKER = "os.py"


def main() -> None:
    """The program."""
    sys.stdout.write(json.dumps(try_namespace(sys.argv[2])) + "\n")


def try_namespace(empty_folder: str) -> dict[str, Any]:
    """Tries it with the folder of Python's own library as /model. Nothing of it is left when this returns."""
    if sys.platform != "linux":
        return {"works": False, "reason": f"{sys.platform} has no mount namespaces"}
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(_try_here(empty_folder)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    result: dict[str, Any] = json.loads(said) if said else {"works": False, "reason": "the trial died"}
    return result


def _try_here(empty_folder: str) -> dict[str, Any]:
    try:
        from spell.worker.namespace import enter_namespace

        library = os.path.dirname(os.__file__)
        way = enter_namespace(empty_folder, library, None)
        return (
            {"works": True, "way": way} if _all_there() else {"works": False, "reason": "the folders are not in place"}
        )
    except (OSError, ImportError) as error:
        return {"works": False, "reason": str(error)}


def _all_there() -> bool:
    read_only = [place for place in ("/model", "/mounts", "/") if os.statvfs(place).f_flag & os.ST_RDONLY]
    return len(read_only) == 3 and os.path.isfile(f"/model/{_MARKER}") and os.listdir("/mounts") == []
