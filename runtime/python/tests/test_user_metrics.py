"""What a worker reports of the predictor's own metrics."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from conftest import Serve
from worker_client import VENDOR

import spell.serving.metrics as metrics
from spell.worker import frames, user_metrics


class Sent:
    """A writer that keeps what it is given."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def send(self, frame: bytes) -> None:
        self.frames.append(frame)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(VENDOR))
    import prometheus_client

    fresh = prometheus_client.CollectorRegistry()
    monkeypatch.setattr(prometheus_client, "REGISTRY", fresh)
    monkeypatch.setattr(user_metrics, "_complaints", set())
    return fresh


def test_nothing_is_imported_for_a_predictor_without_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "prometheus_client", raising=False)
    sent = Sent()
    user_metrics.report(sent)  # type: ignore[arg-type]
    assert json.loads(sent.frames[0][9:]) == []
    assert "prometheus_client" not in sys.modules


def test_values_that_json_does_not_have_are_texts(registry: Any) -> None:
    import prometheus_client

    gauge = prometheus_client.Gauge("odd", "Odd values", ["kind"], registry=registry)
    for value in (float("nan"), float("inf"), float("-inf")):
        gauge.labels(kind=str(value)).set(value)
    [[name, kind, text, samples]] = list(user_metrics._families())
    assert (name, kind, text) == ("odd", "gauge", "Odd values")
    assert [sample[2] for sample in samples] == ["NaN", "+Inf", "-Inf"]


def test_more_samples_than_anybody_can_read_are_left_out_with_one_word(registry: Any, capsys: Any) -> None:
    import prometheus_client

    few = prometheus_client.Counter("few", "Few", registry=registry)
    few.inc()
    many = prometheus_client.Gauge("many", "Many", ["id"], registry=registry)
    for number in range(10_001):
        many.labels(id=str(number)).set(1)
    for _ in range(2):
        assert [family[0] for family in user_metrics._families()] == ["few_total"]
    assert capsys.readouterr().err.count("many") == 1


def test_a_collector_that_raises_is_told_and_ends_nothing(registry: Any, capsys: Any) -> None:
    class Broken:
        def collect(self) -> Any:
            raise RuntimeError("no sensor")

        def describe(self) -> Any:
            return []

    registry.register(Broken())
    sent = Sent()
    user_metrics._report(sent)  # type: ignore[arg-type]
    assert json.loads(sent.frames[0][9:]) == []
    assert "no sensor" in capsys.readouterr().err


def test_only_what_send_metric_set_has_a_time() -> None:
    labels = {"spell_metric_name": "x", "spell_tag": ""}
    assert metrics.sent_at("spell:custom:x", labels) is None


def test_that_there_are_any_is_said_once_before_the_next_thing_that_is_asked(serve: Serve) -> None:
    worker = serve("""
from spell.serving import BasePredictor, metrics

class Predictor(BasePredictor):
    def predict(self, payload):
        if payload == "measure":
            metrics.send_metric("size", 1)
        return payload
""")
    worker.predict("nothing")
    worker.send(frames.PING, 1000)
    assert worker.receive() == (frames.PONG, 1000, b"")
    worker.predict("measure")
    for id in (1001, 1002):
        worker.send(frames.PING, id)
    asked = [worker.receive() for _ in range(3)]
    for expected in ((frames.PONG, 0, b"\x01"), (frames.PONG, 1001, b""), (frames.PONG, 1002, b"")):
        assert expected in asked
