"""Says for each project what the worker says of its predictor at the start, without running anything of the predictor's
but its imports.

Reads a JSON list of `{"root", "entrypoint", "classname", "batched", "config"}`; prints, in the same order, `null` or the
failure's `{"code", "message", "file", "line"}`. Each project is loaded in a process of its own.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

PACKAGE, VENDOR = sys.argv[1:3]
sys.path.insert(0, PACKAGE)
sys.path.append(VENDOR)


def failure_of(project: dict[str, Any]) -> dict[str, Any] | None:
    from spell.worker.construct import check_config
    from spell.worker.plan import PlanMaker
    from spell.worker.project import choose_predictor, enter_project, import_entrypoint
    from spell.worker.start_failure import StartFailure

    root, entrypoint = project["root"], project["entrypoint"]
    try:
        enter_project(root)
        module = import_entrypoint(root, entrypoint, None)
        cls = choose_predictor(module, project["classname"], root, entrypoint)
        plans = PlanMaker(cls, root, batched=project["batched"])
        plans.predict()
        plans.health()
        plans.prepare()
        check_config(cls, project["config"], root)
    except StartFailure as failure:
        return {name: value for name, value in failure.to_message().items() if name in ("code", "message", "file", "line")}
    return None


def in_child(project: dict[str, Any]) -> Any:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        sys.stdout = io.StringIO()
        try:
            answer: Any = failure_of(project)
        except BaseException as error:
            answer = {"code": "crash", "message": repr(error), "file": None, "line": None}
        os.write(write, json.dumps(answer).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        answer = json.loads(pipe.read())
    os.waitpid(child, 0)
    return answer


print(json.dumps([in_child(project) for project in json.load(sys.stdin)]))
