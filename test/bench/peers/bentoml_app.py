"""The workload in BentoML."""

from __future__ import annotations

import os
from typing import Any

import bentoml
from workload import run

MAX_WAITING = os.environ.get("BENCH_MAX_WAITING")
TRAFFIC: Any = {"timeout": 60, **({"max_concurrency": int(MAX_WAITING) + 64} if MAX_WAITING else {})}


@bentoml.service(workers=1, traffic=TRAFFIC, logging={"access": {"enabled": False}})
class Echo:
    @bentoml.api
    async def predict(self, payload: dict[str, Any]) -> dict[str, Any]:
        return payload


@bentoml.service(workers=1, traffic=TRAFFIC, logging={"access": {"enabled": False}})
class Batches:
    @bentoml.api(batchable=True, max_batch_size=32, max_latency_ms=60_000)
    def predict(self, payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
        run([payload["id"] for payload in payloads])
        return payloads


Service = Batches if os.environ["BENCH_WORK"] == "batches" else Echo
