"""The workload in Ray Serve."""

from __future__ import annotations

import os
import signal
from typing import Any

import ray
from ray import serve
from starlette.requests import Request
from workload import run

MAX_WAITING = os.environ.get("BENCH_MAX_WAITING")


@serve.deployment(num_replicas=1, max_ongoing_requests=64, ray_actor_options={"num_cpus": 1})
class Echo:
    async def __call__(self, request: Request) -> Any:
        return await request.json()


@serve.deployment(
    num_replicas=1,
    max_ongoing_requests=64 if MAX_WAITING else 1024,
    max_queued_requests=int(MAX_WAITING) if MAX_WAITING else -1,
    ray_actor_options={"num_cpus": 1},
)
class Batches:
    @serve.batch(max_batch_size=32, batch_wait_timeout_s=0.01)
    async def batch(self, payloads: list[Any]) -> list[Any]:
        run([payload["id"] for payload in payloads])
        return payloads

    async def __call__(self, request: Request) -> Any:
        return await self.batch(await request.json())


if __name__ == "__main__":
    quiet = {"enable_access_log": False, "log_level": "ERROR"}
    ray.init(num_cpus=4, include_dashboard=False, log_to_driver=False, _temp_dir=os.environ["BENCH_FOLDER"])
    serve.start(http_options={"host": "127.0.0.1", "port": int(os.environ["BENCH_PORT"])}, logging_config=quiet)
    application: Any = Batches if os.environ["BENCH_WORK"] == "batches" else Echo
    serve.run(application.bind(), route_prefix="/predict", logging_config=quiet)
    signal.pause()
