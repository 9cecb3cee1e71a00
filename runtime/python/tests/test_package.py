"""The package as predictors and users' own tests see it: outside of a server everything is a plain class."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import Serve
from worker_client import PACKAGE, VENDOR

from spell import serving
from spell.serving import BasePredictor, metrics, send_metric, with_background_tasks, with_full_request
from spell.serving.decorators import injected_by_decorator
from spell.serving.metrics import exported_name


def test_the_public_names_are_there() -> None:
    assert set(serving.__all__) == {
        "BasePredictor",
        "ModelInfo",
        "metrics",
        "send_metric",
        "with_background_tasks",
        "with_full_request",
    }
    assert (PACKAGE / "spell" / "py.typed").is_file()


def test_a_predictor_is_a_plain_class_outside_of_a_server() -> None:
    class Predictor(BasePredictor):
        def __init__(self, factor: int = 2) -> None:
            self.factor = factor

        @with_full_request(name="request")
        @with_background_tasks()
        def predict(self, payload: int, request: object = None, tasks: object = None) -> int:
            send_metric("calls", 1)
            return payload * self.factor

    assert Predictor(3).predict(4) == 12
    assert Predictor().model_info is None
    assert Predictor().health() == {"status": "ok"}
    assert sorted(injected_by_decorator(Predictor.predict)) == [("background-tasks", "tasks"), ("request", "request")]


def test_a_decorator_works_without_parentheses() -> None:
    class Predictor(BasePredictor):
        @with_full_request
        def health(self, request: object) -> str:
            return "fine"

    assert injected_by_decorator(Predictor.health) == [("request", "request")]
    assert Predictor().health(None) == "fine"


@pytest.mark.parametrize(
    ("name", "value", "tag", "error"),
    [
        (5, 1, None, TypeError),
        ("", 1, None, ValueError),
        ("n", "1", None, TypeError),
        ("n", None, None, TypeError),
        ("n", 1, 2, TypeError),
    ],
)
def test_a_wrong_metric_is_refused_everywhere(name: object, value: object, tag: object, error: type[Exception]) -> None:
    with pytest.raises(error, match="metric"):
        send_metric(name, value, tag)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "exported"),
    [
        ("confidence", "spell:custom:confidence"),
        ("a:b_9", "spell:custom:a:b_9"),
        ("9lives", "spell:custom:396C69766573"),
        ("größe", "spell:custom:6772C3B6C39F65"),
        ("with space", "spell:custom:77697468207370616365"),
    ],
)
def test_any_name_becomes_one_that_prometheus_allows(name: str, exported: str) -> None:
    assert exported_name(name) == exported


def test_metrics_are_gauges_whose_last_value_wins(serve: Serve) -> None:
    worker = serve("""
        import spell.serving.metrics as m
        from spell.serving import BasePredictor, metrics, send_metric

        class Predictor(BasePredictor):
            def __init__(self):
                self.own = metrics.prometheus.Counter("mine", "of my own")

            def predict(self, payload):
                send_metric("größe", 1.5)
                m.send_metric("größe", 2.5)
                metrics.send_metric("calls", payload, tag="a")
                metrics.send_metric("C3A9", 1)
                metrics.send_metric("é", 2)
                self.own.inc()
                return metrics.prometheus.generate_latest().decode()
    """)
    text = worker.predict(7).text
    assert 'spell:custom:6772C3B6C39F65{spell_metric_name="größe",spell_tag=""} 2.5' in text
    assert 'spell:custom:calls{spell_metric_name="calls",spell_tag="a"} 7.0' in text
    assert 'spell:custom:C3A9{spell_metric_name="é",spell_tag=""} 2.0' in text
    assert "mine_total 1.0" in text


def test_metrics_does_not_invent_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        metrics.nothing  # noqa: B018


def test_importing_it_imports_no_other_package(python: str) -> None:
    script = (
        "import sys; import spell.serving; print(any(n.startswith(('starlette', 'prometheus')) for n in sys.modules))"
    )
    done = subprocess.run([python, "-c", script], cwd=PACKAGE, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_what_is_shipped_keeps_its_licences() -> None:
    for distribution in VENDOR.glob("*.dist-info"):
        licences = [
            file
            for file in distribution.rglob("*")
            if "licen" in file.name.lower() or "licen" in file.parent.name.lower()
        ]
        assert licences, distribution.name


def test_a_project_may_have_an_old_package_called_spell(serve: Serve, project: Path) -> None:
    (project / "spell").mkdir()
    (project / "spell" / "__init__.py").write_text("raise ImportError('the other one')")
    source = (
        "from spell.serving import BasePredictor\nclass P(BasePredictor):\n    def predict(self, p): return 'ours'\n"
    )
    assert serve(source).predict({}).text == "ours"
