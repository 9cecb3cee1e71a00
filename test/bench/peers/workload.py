"""What every contestant's predictor does with a batch: the cost model of the benchmarks."""

from __future__ import annotations

import json
import os
import time

FIRST_POISON = 900_000_000
SEEN = os.environ.get("BENCH_SEEN")


def run(ids: list[int]) -> None:
    """Takes 10 ms and half a millisecond for each of a batch. Raises for one that holds poison, before it has done
    anything else: as a predictor does that cannot make a tensor out of its payloads."""
    if SEEN:
        with open(SEEN, "a", encoding="utf-8") as file:
            file.write(json.dumps({"at": time.time() * 1000, "ids": ids}) + "\n")
    if any(one >= FIRST_POISON for one in ids):
        raise ValueError("this one cannot be predicted")
    time.sleep(0.01 + 0.0005 * len(ids))
