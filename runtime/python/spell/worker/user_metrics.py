"""Reports the predictor's own metrics: those of `send_metric`, and what it made with `prometheus_client`."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Iterator
from typing import Any

from spell.serving import metrics
from spell.worker import frames
from spell.worker.writer import FrameWriter

_MOST_SAMPLES = 10_000
"""A label that takes ever new values would otherwise fill the gateway's memory."""

_TEXT_TYPES = {"unknown": "untyped", "info": "gauge", "stateset": "gauge", "gaugehistogram": "histogram"}
"""What Prometheus' text format calls the types that only OpenMetrics has."""

_complaints: set[str] = set()

_TEXT_SUFFIXES = {"counter": "_total", "info": "_info"}


def report(writer: FrameWriter) -> None:
    """Answers METRICS. Collecting may call code of the user's (`Gauge.set_function`) and take its time, so it does not
    happen on the thread that asks. A predictor that never touched Prometheus has nothing to collect."""
    if "prometheus_client" in sys.modules:
        threading.Thread(target=_report, args=(writer,), name="spell-metrics", daemon=True).start()
    else:
        writer.send(frames.json_frame(frames.MEASURED, 0, []))


def _report(writer: FrameWriter) -> None:
    try:
        families = list(_families())
    except Exception as error:
        # A collector of the user's own that raises would otherwise be asked in vain for ever.
        _complain(repr(error))
        families = []
    writer.send(frames.json_frame(frames.MEASURED, 0, families))


def _families() -> Iterator[list[Any]]:
    """`MetricsReport` of `frames.ts`. What `prometheus_client` measures by itself is left out: the process is ours."""
    import prometheus_client
    from prometheus_client import GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR

    ours = {
        family.name
        for collector in (GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR)
        for family in collector.collect()
    }
    left = _MOST_SAMPLES
    for family in prometheus_client.REGISTRY.collect():
        if family.name in ours:
            continue
        left -= len(family.samples)
        if left < 0:
            _complain(f"there are more than {_MOST_SAMPLES} samples: {family.name} and what follows is left out")
            return
        samples = [
            [sample.name, sample.labels, _number(sample.value), metrics.sent_at(sample.name, sample.labels)]
            for sample in family.samples
            if not sample.name.endswith("_created")
        ]
        suffix = _TEXT_SUFFIXES.get(family.type, "")
        yield [family.name + suffix, _TEXT_TYPES.get(family.type, family.type), family.documentation, samples]


def _complain(problem: str) -> None:
    """Says once what is wrong: it is asked every few seconds."""
    if problem not in _complaints:
        _complaints.add(problem)
        print(f"the predictor's metrics could not be collected: {problem}", file=sys.stderr, flush=True)


def _number(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return float(value)
