"""`health`: beside `predict`, bounded in time, and said no by raising or by a status."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Serve
from worker_client import head_of

from spell.worker import frames

HEALTH = """
import asyncio, os, threading, time
from starlette.background import BackgroundTasks
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from spell.serving import BasePredictor, with_background_tasks, with_full_request

class Predictor(BasePredictor):
    def predict(self, payload):
        print("begun")
        while not os.path.exists(payload):
            time.sleep(0.005)

    {health}
"""


def test_the_default_health_is_left_to_the_gateway(serve: Serve) -> None:
    worker = serve("""
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def predict(self, payload):
                return payload
    """)
    assert worker.info["health"] is None


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_health_is_answered_while_predict_runs(serve: Serve, tmp_path: Path, kind: str) -> None:
    worker = serve(HEALTH.format(health=f"{kind} health(self): return {{'status': 'good'}}"))
    assert worker.info["health"] == {"async": kind == "async def", "needsHead": False}
    id = worker.request(str(tmp_path / "gate"))
    worker.log_line("begun")
    assert worker.health().json == {"status": "good"}
    (tmp_path / "gate").touch()
    assert worker.answer(id).body == b"null"


@pytest.mark.parametrize(
    ("health", "status", "body"),
    [
        ("def health(self, request): return request.method", 200, b"GET"),
        ("def health(self, r: Request): return str(r.url.path)", 200, b"/local/test/predict"),
        ("@with_full_request()\n    def health(self, request): return request.method", 200, b"GET"),
        ("@staticmethod\n    def health(): return 'static'", 200, b"static"),
        ("@classmethod\n    async def health(cls): return cls.__name__", 200, b"Predictor"),
        ("def health(self): return False", 200, b"False"),
        ("def health(self): raise HTTPException(503, 'no disk')", 503, b"no disk"),
        ("async def health(self): return JSONResponse({'s': 1}, 500)", 500, b'{"s":1}'),
    ],
)
def test_health_takes_and_returns_what_predict_may(serve: Serve, health: str, status: int, body: bytes) -> None:
    answer = serve(HEALTH.format(health=health)).health()
    assert (answer.status, answer.body) == (status, body)


@pytest.mark.parametrize("tasks", ["self, background: BackgroundTasks", "self, tasks"])
def test_health_may_leave_background_tasks(serve: Serve, tasks: str) -> None:
    name = tasks.split()[1].rstrip(":")
    decorator = "" if ":" in tasks else "@with_background_tasks()\n    "
    worker = serve(HEALTH.format(health=f"{decorator}def health({tasks}): {name}.add_task(print, 'later')"))
    assert worker.health().body == b"null"
    worker.log_line("later")


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_health_that_raises_is_unhealthy(serve: Serve, kind: str) -> None:
    worker = serve(HEALTH.format(health=f"{kind} health(self): raise ValueError('broken')"))
    id = worker.request(raw=b"", kind=frames.KIND_HEALTH, head=head_of(method="GET"), request_id="h1")
    error = worker.error(id)
    assert error["code"] == "unhealthy"
    assert error["message"] == "health raised ValueError; see the log for request h1"
    assert worker.log_line("ValueError: broken").request_id == "h1"


@pytest.mark.parametrize(
    "sleep", ["def health(self): time.sleep(60)", "async def health(self): await asyncio.sleep(60)"]
)
def test_a_health_that_hangs_is_given_up_on(serve: Serve, sleep: str) -> None:
    worker = serve(HEALTH.format(health=sleep), limits={"hardTimeoutMs": 1000, "healthTimeoutMs": 50})
    for _ in range(2):
        id = worker.request(raw=b"", kind=frames.KIND_HEALTH)
        assert worker.error(id) == {"code": "unhealthy", "message": "health has not answered within 0.05 s"}


def test_health_requests_are_not_counted_as_begun(serve: Serve) -> None:
    worker = serve(HEALTH.format(health="def health(self): return 1"))
    worker.health()
    assert worker.begun() == 0
