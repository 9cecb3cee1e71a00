"""Starlette's `Request` and `BackgroundTasks`, by annotation and by decorator."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from conftest import Serve
from worker_client import head_of

PREDICT = """
from __future__ import annotations
from typing import TYPE_CHECKING, Optional
{imports}
from spell.serving import BasePredictor, with_background_tasks, with_full_request

class Predictor(BasePredictor):
{method}
"""


def predictor(method: str, imports: str = "from starlette.requests import Request") -> str:
    indented = "\n".join(f"    {line}" for line in method.strip("\n").split("\n"))
    return PREDICT.format(imports=imports, method=indented)


@pytest.mark.parametrize(
    ("signature", "imports"),
    [
        ("def predict(self, payload: Request):", "from starlette.requests import Request"),
        ("def predict(self, payload: Optional[Request]):", "from starlette.requests import Request"),
        ("def predict(self, payload: Request | None = None):", "from starlette.requests import Request"),
        ("def predict(self, payload: sr.Request):", "import starlette.requests as sr"),
        ("def predict(self, payload: R):", "if TYPE_CHECKING:\n    from starlette.requests import Request as R"),
        ("def predict(self, payload: 'Request'):", "from starlette.requests import Request"),
        ('@with_full_request(name="payload")\ndef predict(self, payload):', ""),
        ("@with_full_request(name='payload')\n@staticmethod\ndef predict(payload):", ""),
        ("@classmethod\n@with_full_request(name='payload')\ndef predict(cls, payload):", ""),
    ],
)
def test_a_request_is_asked_for_in_many_ways(serve: Serve, signature: str, imports: str) -> None:
    worker = serve(
        predictor(f"{signature}\n    return [type(payload).__name__, payload.method, str(payload.url)]", imports)
    )
    assert worker.info["predict"]["needsHead"] is True
    answer = worker.predict(raw=b"not json", head=head_of(query="a=1"))
    assert answer.json == ["Request", "POST", "http://127.0.0.1:8000/local/test/predict?a=1"]


def test_what_is_imported_for_type_checkers_only_is_not_imported(serve: Serve, project: Path) -> None:
    (project / "heavy.py").write_text("print('imported')\nclass Frame: pass\n")
    imports = "if TYPE_CHECKING:\n    from heavy import Frame"
    worker = serve(predictor("def predict(self, payload: Frame):\n    return payload", imports))
    assert worker.predict([1]).json == [1]
    worker.drain()
    assert worker.log() == []


def test_the_request_shows_everything_that_was_sent(serve: Serve) -> None:
    worker = serve(
        predictor("""
async def predict(self, request: Request):
    return {
        "path": request.url.path, "raw": request.scope["raw_path"].decode(), "query": dict(request.query_params),
        "header": request.headers["x-two"], "all": request.headers.getlist("x-two"), "cookie": request.cookies,
        "client": list(request.client), "body": (await request.body()).decode(), "again": (await request.body()).decode(),
    }
""")
    )
    headers = [["host", "h"], ["x-two", "a"], ["x-two", "b\xe9"], ["cookie", "k=v"]]
    head = head_of(rawPath="/local/a%20b/predict", query="q=%C3%BC", headers=headers)
    assert worker.predict(raw=b"body", head=head).json == {
        "path": "/local/a b/predict",
        "raw": "/local/a%20b/predict",
        "query": {"q": "ü"},
        "header": "a",
        "all": ["a", "bé"],
        "cookie": {"k": "v"},
        "client": ["127.0.0.1", 50000],
        "body": "body",
        "again": "body",
    }


def test_a_plain_method_may_run_the_requests_coroutines(serve: Serve) -> None:
    worker = serve(
        predictor(
            "def predict(self, r: Request):\n    return asyncio.run(r.json())",
            "import asyncio\nfrom starlette.requests import Request",
        )
    )
    assert worker.predict({"x": 1}, head=head_of()).json == {"x": 1}
    assert worker.refused(raw=b"{", head=head_of())["code"] == "predictor-error"


def test_forms_and_files_are_read(serve: Serve) -> None:
    worker = serve(
        predictor("""
async def predict(self, request: Request):
    form = await request.form()
    upload = form["image"]
    return {"name": upload.filename, "size": len(await upload.read()), "field": form["kind"]}
""")
    )
    body = (
        b'--b\r\nContent-Disposition: form-data; name="image"; filename="cat.png"\r\n\r\n' + b"\x00" * 5000 + b"\r\n"
        b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\ncat\r\n--b--\r\n'
    )
    head = head_of(headers=[["content-type", "multipart/form-data; boundary=b"]])
    assert worker.predict(raw=body, head=head).json == {"name": "cat.png", "size": 5000, "field": "cat"}


def test_a_subclass_of_request_is_made_when_that_is_asked_for(serve: Serve) -> None:
    imports = "from starlette.requests import Request\nclass Mine(Request):\n    def who(self): return 'mine'"
    worker = serve(predictor("def predict(self, request: Mine):\n    return request.who()", imports))
    assert worker.predict({}, head=head_of()).text == "mine"


def test_payload_request_and_tasks_may_appear_together(serve: Serve) -> None:
    imports = "from starlette.requests import Request\nfrom starlette.background import BackgroundTasks"
    worker = serve(
        predictor(
            "def predict(self, data, r: Request, t: BackgroundTasks):\n    return [data, r.method, type(t).__name__]",
            imports,
        )
    )
    assert worker.predict({"x": 1}, head=head_of()).json == [{"x": 1}, "POST", "BackgroundTasks"]
    assert worker.refused(raw=b"nope", head=head_of())["code"] == "bad-json"


def test_decorators_stack(serve: Serve) -> None:
    worker = serve(
        predictor(
            """
@with_full_request()
@with_background_tasks(name="later")
def predict(self, later, request, item):
    return [item, request.method, type(later).__name__]
""",
            "",
        )
    )
    assert worker.predict(1, head=head_of()).json == [1, "POST", "BackgroundTasks"]


def test_background_tasks_run_after_the_answer_in_their_order(serve: Serve, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    worker = serve(
        predictor(
            """
def predict(self, payload, tasks: BackgroundTasks):
    tasks.add_task(wait_for_gate)
    tasks.add_task(tell, "second", number=2)
    tasks.add_task(fail)
    tasks.add_task(tell, "never")
    return "answered"
""",
            f"""
import os, time
from starlette.background import BackgroundTasks

def wait_for_gate():
    while not os.path.exists({str(gate)!r}):
        time.sleep(0.005)
    print("first")

async def tell(word, number=0):
    print(word, number)

def fail():
    raise ValueError("in the background")
""",
        )
    )
    assert worker.predict({}, request_id="abc").text == "answered"
    assert worker.predict({}, request_id="def").text == "answered"  # Tasks do not hold up the next prediction.
    assert worker.log() == []
    gate.touch()
    assert worker.drain() == 0
    lines = [line for line in worker.log() if line.request_id == "abc"]
    assert [line.text for line in lines if line.stream == "stdout"] == ["first", "second 2"]
    assert "ValueError: in the background" in [line.text for line in lines if line.level == "ERROR"]


def test_a_responses_own_tasks_run_before_the_injected_ones(serve: Serve) -> None:
    worker = serve(
        predictor(
            """
async def predict(self, payload, tasks: BackgroundTasks):
    tasks.add_task(print, "injected")
    return JSONResponse({"a": 1}, status_code=201, background=BackgroundTask(print, "own"))
""",
            "from starlette.background import BackgroundTask, BackgroundTasks\nfrom starlette.responses import JSONResponse",
        )
    )
    answer = worker.predict({})
    assert (answer.status, answer.body) == (201, b'{"a":1}')
    worker.drain()
    assert [line.text for line in worker.log()] == ["own", "injected"]


def test_tasks_of_a_call_that_raised_do_not_run(serve: Serve) -> None:
    worker = serve(
        predictor(
            "def predict(self, payload, tasks: BackgroundTasks):\n    tasks.add_task(print, 'ran')\n    raise ValueError",
            "from starlette.background import BackgroundTasks",
        )
    )
    assert worker.refused({})["code"] == "predictor-error"
    worker.drain()
    assert "ran" not in [line.text for line in worker.log()]


RESPONSES: list[tuple[str, int, bytes, dict[str, Any]]] = [
    ("PlainTextResponse('hi', status_code=418)", 418, b"hi", {"content-type": "text/plain; charset=utf-8"}),
    ("JSONResponse([1])", 200, b"[1]", {"content-type": "application/json", "content-length": "3"}),
    ("HTMLResponse('<p>', headers={'x-a': 'b'})", 200, b"<p>", {"x-a": "b"}),
    ("RedirectResponse('/x')", 307, b"", {"location": "/x"}),
    ("Response(b'\\x00', media_type='image/png')", 200, b"\x00", {"content-type": "image/png"}),
    ("Response(status_code=204)", 204, b"", {}),
]


@pytest.mark.parametrize(("expression", "status", "body", "headers"), RESPONSES, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_starlette_responses_pass_as_they_are(
    serve: Serve, kind: str, expression: str, status: int, body: bytes, headers: dict[str, str]
) -> None:
    worker = serve(
        predictor(f"{kind} predict(self, payload):\n    return {expression}", "from starlette.responses import *")
    )
    answer = worker.predict({})
    assert (answer.status, answer.body) == (status, body)
    for name, value in headers.items():
        assert answer.header(name) == value


@pytest.mark.parametrize(
    ("raised", "status", "body", "header"),
    [
        (
            "HTTPException(401, headers={'www-authenticate': 'Basic'})",
            401,
            b"Unauthorized",
            ("www-authenticate", "Basic"),
        ),
        (
            "HTTPException(status_code=422, detail='no cat')",
            422,
            b"no cat",
            ("content-type", "text/plain; charset=utf-8"),
        ),
        ("HTTPException(204)", 204, b"", None),
        ("HTTPException(400, {'why': 'x'})", 400, b'{"detail":{"why":"x"}}', ("content-type", "application/json")),
    ],
)
def test_an_http_exception_is_that_answer(
    serve: Serve, raised: str, status: int, body: bytes, header: tuple[str, str] | None
) -> None:
    worker = serve(
        predictor(f"def predict(self, payload):\n    raise {raised}", "from starlette.exceptions import HTTPException")
    )
    answer = worker.predict({})
    assert (answer.status, answer.body) == (status, body)
    if header is not None:
        assert answer.header(header[0]) == header[1]
    worker.drain()
    assert worker.log() == []


@pytest.mark.parametrize("thrown", ["raise HTTPException(42, '?')", "return Response(status_code=101)"])
def test_a_status_that_http_has_not_is_a_bad_result(serve: Serve, thrown: str) -> None:
    imports = "from starlette.exceptions import HTTPException\nfrom starlette.responses import Response"
    error = serve(predictor(f"def predict(self, payload):\n    {thrown}", imports)).refused({})
    assert error["code"] == "bad-result"
    assert "allowed are 200 to 599" in error["message"]


def test_a_background_task_on_a_busy_worker_is_not_late(serve: Serve) -> None:
    imports = "import time\nfrom starlette.background import BackgroundTasks"
    method = "def predict(self, payload, tasks: BackgroundTasks):\n    tasks.add_task(print, 'done')\n    time.sleep(payload)"
    worker = serve(predictor(method, imports))
    began = time.monotonic()
    worker.request(0)
    worker.request(5)
    worker.log_line("done")
    assert time.monotonic() - began < 4
