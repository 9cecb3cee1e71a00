"""The workload in LitServe."""

from __future__ import annotations

import os
from typing import Any

import litserve
from workload import run


class Echo(litserve.LitAPI):
    def setup(self, device: str) -> None:
        pass

    def predict(self, payload: Any) -> Any:
        return payload


class Batches(litserve.LitAPI):
    def setup(self, device: str) -> None:
        pass

    def batch(self, payloads: list[Any]) -> list[Any]:
        return payloads

    def predict(self, payloads: list[Any]) -> list[Any]:
        run([payload["id"] for payload in payloads])
        return payloads

    def unbatch(self, results: list[Any]) -> list[Any]:
        return results


if __name__ == "__main__":
    api = Batches(max_batch_size=32, batch_timeout=0.01) if os.environ["BENCH_WORK"] == "batches" else Echo()
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        num_api_servers=1,
        log_level="warning",
        generate_client_file=False,
        access_log=False,
    )
