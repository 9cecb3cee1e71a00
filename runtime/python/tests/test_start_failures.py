"""Every fault that keeps a predictor from starting says which file, class and line, and what to do (§2)."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
from conftest import Serve, write
from worker_client import Failed

from spell.worker.rules import RULES

HEADER = "from spell.serving import BasePredictor, with_background_tasks, with_full_request\n"
STARLETTE = "from starlette.requests import Request\nfrom starlette.background import BackgroundTasks\n"


def failure(serve: Serve, source: str | None, **options: Any) -> dict[str, Any]:
    """The FAILED message, after the worker has ended with status 1."""
    with pytest.raises(Failed) as raised:
        serve(source, **options)
    return raised.value.message


CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "no-predictor",
        "class Other: pass",
        {},
        {"message": "predictor.py has no subclass of BasePredictor", "line": None},
    ),
    (
        "several-predictors",
        HEADER + "class A(BasePredictor):\n    def predict(self, p): pass\nclass B(A): pass\n",
        {},
        {"message": "predictor.py has several predictors: A (line 2), B (line 4)", "line": 4},
    ),
    (
        "classname-missing",
        HEADER + "class A(BasePredictor):\n    def predict(self, p): pass\n",
        {"classname": "C"},
        {"message": "predictor.py has no predictor called C", "hint": "its predictors are: A (line 2)"},
    ),
    (
        "predict-missing",
        HEADER + "class A(BasePredictor):\n    def predcit(self, p): pass\n",
        {},
        {"message": "A has no method `predict`", "class": "A", "line": 2},
    ),
    (
        "method-not-callable",
        HEADER + "class A(BasePredictor):\n    predict = 5\n",
        {},
        {"message": "`predict` of A is an int, not a method", "class": "A", "line": 2},
    ),
    (
        "method-not-callable",
        HEADER + "class A(BasePredictor):\n    def predict(self, p): pass\n    health = 'good'\n",
        {},
        {"message": "`health` of A is a str, not a method", "line": 2},
    ),
    (
        "predict-arguments",
        HEADER + "class A(BasePredictor):\n    def predict(self): pass\n",
        {},
        {"message": "`predict` of A has no parameter for the payload", "class": "A", "line": 3},
    ),
    (
        "predict-arguments",
        HEADER + "class A(BasePredictor):\n    async def predict(self, payload, user): pass\n",
        {},
        {"message": "`predict` of A has several parameters that nothing fills: `payload`, `user`", "line": 3},
    ),
    (
        "predict-arguments",
        HEADER + "class A(BasePredictor):\n    def predict(self, p): pass\n    def prepare(self): pass\n",
        {},
        {"message": "`prepare` of A has no parameter for the payload", "line": 4},
    ),
    (
        "predict-arguments",
        HEADER + "class A(BasePredictor):\n    def predict(self, p): pass\n    def health(self, a, b): pass\n",
        {},
        {"message": "`health` of A has several parameters that nothing fills: `a`, `b`", "line": 4},
    ),
    (
        "injected-parameter-missing",
        HEADER + "class A(BasePredictor):\n    @with_full_request(name='req')\n    def predict(self, request): pass\n",
        {},
        {
            "message": "`with_full_request` on `predict` of A names the parameter `req`, which `predict` does not have",
            "line": 4,
        },
    ),
    (
        "injected-twice",
        HEADER + STARLETTE + "class A(BasePredictor):\n    def predict(self, a: Request, b: Request): pass\n",
        {},
        {"message": "`predict` of A asks for the Request twice, by `a` and by `b`", "line": 5},
    ),
    (
        "injected-twice",
        HEADER
        + STARLETTE
        + "class A(BasePredictor):\n    @with_full_request('b')\n    def predict(self, a: Request, b): pass\n",
        {},
        {"message": "`predict` of A asks for the Request twice, by `a` and by `b`"},
    ),
    (
        "injected-twice",
        HEADER
        + STARLETTE
        + "class A(BasePredictor):\n    @with_full_request('t')\n    def predict(self, p, t: BackgroundTasks): pass\n",
        {},
        {
            "message": "`t` of `predict` in A is annotated with starlette.background.BackgroundTasks, but decorated to receive the Request"
        },
    ),
    (
        "injected-twice",
        HEADER + "class A(BasePredictor):\n    @with_background_tasks('p')\n    def predict(self, p: dict): pass\n",
        {},
        {"message": "`p` of `predict` in A is annotated with dict, but decorated to receive the BackgroundTasks"},
    ),
    (
        "request-in-batched-predict",
        HEADER + STARLETTE + "class A(BasePredictor):\n    def predict(self, p: Request): pass\n",
        {"batching": {"maxSize": 4, "windowMs": None, "isolation": True}},
        {"class": "A", "line": 5},
    ),
    (
        "config-key-unknown",
        HEADER
        + "class A(BasePredictor):\n    def __init__(self, use_cache=True): pass\n    def predict(self, p): pass\n",
        {"config": {"use_cach": False}},
        {
            "message": "the config has the key `use_cach`, which A.__init__ does not accept",
            "hint": "did you mean `use_cache`?",
            "line": 3,
        },
    ),
    (
        "config-key-unknown",
        HEADER + "class A(BasePredictor):\n    def predict(self, p): pass\n",
        {"config": {"anything": 1}},
        {"hint": "A.__init__ accepts no config: remove the key", "line": 2},
    ),
    (
        "config-missing",
        HEADER + "class A(BasePredictor):\n    def __init__(self, path): pass\n    def predict(self, p): pass\n",
        {},
        {"message": "A.__init__ needs `path`, which the config does not give", "class": "A", "line": 3},
    ),
    (
        "config-not-mapping",
        HEADER + "class A(BasePredictor):\n    def predict(self, p): pass\n",
        {"config": [1]},
        {"message": "the config is a list, not a mapping of names to values"},
    ),
    (
        "syntax-error",
        HEADER + "class A(BasePredictor)\n    pass\n",
        {},
        {"line": 2},
    ),
    (
        "import-failed",
        HEADER + "\nimport os\nos.environ['NOT_SET_ANYWHERE']\n",
        {},
        {"message": "importing predictor.py raised KeyError: 'NOT_SET_ANYWHERE'", "line": 4},
    ),
    (
        "missing-dependency",
        HEADER + "import not_installed_anywhere.part\n",
        {},
        {"line": 2},
    ),
    (
        "init-failed",
        HEADER
        + "class A(BasePredictor):\n    def __init__(self):\n        open('/not/there')\n    def predict(self, p): pass\n",
        {},
        {
            "message": "A.__init__ raised FileNotFoundError: [Errno 2] No such file or directory: '/not/there'",
            "class": "A",
            "line": 4,
        },
    ),
    (
        "init-failed",
        HEADER
        + "import sys\nclass A(BasePredictor):\n    def __init__(self):\n        sys.exit(3)\n    def predict(self, p): pass\n",
        {},
        {"message": "A.__init__ raised SystemExit: 3", "line": 5},
    ),
]


@pytest.mark.parametrize(("code", "source", "start", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_fault_is_told_before_the_first_request(
    serve: Serve, code: str, source: str, start: dict[str, Any], expected: dict[str, Any]
) -> None:
    message = failure(serve, source, **start)
    assert message["code"] == code
    assert message["file"] == "predictor.py"
    assert message["hint"]
    assert "{" not in message["message"] + message["hint"]
    for name, value in expected.items():
        assert message[name] == value


def test_every_code_of_the_table_is_covered() -> None:
    elsewhere = {"entrypoint-missing", "paths-failed", "worker-failed"}
    assert {case[0] for case in CASES} | elsewhere == {rule.partition("/")[0] for rule in RULES}


def test_the_entrypoint_is_missing(serve: Serve) -> None:
    message = failure(serve, None)
    assert (message["code"], message["message"]) == (
        "entrypoint-missing",
        "there is no file predictor.py in the project",
    )


def test_a_predictor_is_not_constructed_when_its_signature_is_wrong(start_worker: Serve) -> None:
    source = "class A(BasePredictor):\n    def __init__(self): print('constructed')\n    def predict(self): pass\n"
    worker = start_worker(HEADER + source)
    with pytest.raises(Failed):
        worker.ready()
    assert worker.wait() == 1
    assert worker.log() == []


def test_a_fault_in_a_sibling_module_is_told_where_it_is(serve: Serve, project: Path) -> None:
    write(project, "lib/__init__.py", "")
    write(project, "lib/weights.py", "\n\nraise RuntimeError('no weights')\n")
    message = failure(serve, HEADER + "from lib import weights\n")
    assert (message["code"], message["file"], message["line"]) == ("import-failed", "lib/weights.py", 3)
    assert message["message"] == "importing predictor.py raised RuntimeError: no weights"


def test_a_syntax_error_in_a_sibling_module_is_told_where_it_is(serve: Serve, project: Path) -> None:
    write(project, "weights.py", "x = (\n")
    message = failure(serve, HEADER + "import weights\n")
    assert (message["code"], message["file"], message["line"]) == ("syntax-error", "weights.py", 1)


def test_the_traceback_goes_to_the_log_too_without_our_frames(start_worker: Serve) -> None:
    worker = start_worker(HEADER + "print('importing')\n1 / 0\n")
    with pytest.raises(Failed) as raised:
        worker.ready()
    assert worker.wait() == 1
    trace = raised.value.message["traceback"]
    assert "spell/worker" not in trace
    assert trace.endswith("ZeroDivisionError: division by zero\n")
    assert [line.text for line in worker.log() if line.stream == "stdout"] == ["importing"]
    assert [line.text for line in worker.log() if line.stream == "stderr"] == trace.splitlines()


def test_a_class_is_chosen_by_name_also_an_imported_one(serve: Serve, project: Path) -> None:
    source = HEADER + textwrap.dedent("""
        class A(BasePredictor):
            def predict(self, p):
                return type(self).__name__

        class B(A): pass
    """)
    assert serve(source, classname="B").predict({}).text == "B"
    write(project, "models.py", source)
    assert serve("from models import *\n", classname="A", entrypoint="chosen.py").predict({}).text == "A"


def test_a_predictor_that_is_only_imported_is_served(serve: Serve, project: Path) -> None:
    write(project, "lib.py", HEADER + "class Real(BasePredictor):\n    def predict(self, p): return 'real'\n")
    assert serve("from lib import Real\n").predict({}).text == "real"


def test_an_imported_base_is_no_candidate(serve: Serve, project: Path) -> None:
    write(
        project, "lib.py", HEADER + "class Base(BasePredictor):\n    def predict(self, p): return type(self).__name__\n"
    )
    assert serve("from lib import Base\nclass Mine(Base): pass\nAlias = Mine\n").predict({}).text == "Mine"
