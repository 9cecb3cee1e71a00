"""Numbers that a predictor reports about itself.

    from spell.serving import metrics

    metrics.send_metric("confidence", 0.93)

`prometheus` is the `prometheus_client` module, for counters and histograms of one's own. It is imported when first
used, so that a predictor without metrics does not pay for it.
"""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import prometheus_client as prometheus

__all__ = ["prometheus", "send_metric"]

_in_server = False
_gauges: dict[str, Any] = {}
_sent_at: dict[tuple[str, str, str], float] = {}
_lock = threading.Lock()


def send_metric(name: str, value: float, tag: str | None = None) -> None:
    """Sets the user metric `name` (any text) to `value`; the last value wins. `tag` keeps values apart under one name.

    Outside a model server it does nothing but check its arguments.

    Raises TypeError when the name is no text, the value no number, or the tag neither text nor None.
    """
    if not isinstance(name, str):
        raise TypeError(f"a metric's name must be a str, not {type(name).__name__}")
    if not name:
        raise ValueError("a metric's name must not be empty")
    if tag is not None and not isinstance(tag, str):
        raise TypeError(f"a metric's tag must be a str or None, not {type(tag).__name__}")
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = None
    if number is None or isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"a metric's value must be a number, not {type(value).__name__}")
    if _in_server:
        _gauge(name).labels(spell_metric_name=name, spell_tag=tag or "").set(number)
        _sent_at[exported_name(name), name, tag or ""] = time.time()


def exported_name(name: str) -> str:
    """The name under which Prometheus sees a user metric: as it is where that is legal, else the upper-case base16 of
    its UTF-8 bytes."""
    legal = re.fullmatch("[a-zA-Z_:][a-zA-Z0-9_:]*", name)
    return f"spell:custom:{name if legal else name.encode('utf-8', 'surrogatepass').hex().upper()}"


def sent_at(exported: str, labels: dict[str, str]) -> float | None:
    """When `send_metric` last set a sample, in seconds since 1970; None for samples of other metrics."""
    return _sent_at.get((exported, labels.get("spell_metric_name", ""), labels.get("spell_tag", "")))


def enter_server() -> None:
    """From now on metrics count. Only the worker calls it."""
    global _in_server
    _in_server = True


def _gauge(name: str) -> Any:
    exported = exported_name(name)
    with _lock:
        gauge = _gauges.get(exported)
        if gauge is None:
            import prometheus_client

            labels = ("spell_metric_name", "spell_tag")
            gauge = _gauges[exported] = prometheus_client.Gauge(exported, "Sent by send_metric.", labels)
        return gauge


def __getattr__(name: str) -> Any:
    if name == "prometheus":
        import prometheus_client

        return prometheus_client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
