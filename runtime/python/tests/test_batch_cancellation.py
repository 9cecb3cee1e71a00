"""A client that hangs up takes its request with it, at whatever stage of a batched server that is, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Serve
from worker_client import WorkerClient

from spell.worker import frames

ADAPTIVE = {"maxSize": 4, "windowMs": None, "isolation": True}
FIXED = {"maxSize": 3, "windowMs": 60_000, "isolation": True}

PREPARED = """
import asyncio, os, time
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    {word}def prepare(self, payload):
        print("preparing", payload)
        try:
            while payload == "slow" and not os.path.exists({gate!r}):
                {wait}
        except asyncio.CancelledError:
            print("cancelled", payload)
            raise
        return payload

    def predict(self, items):
        print("batch", items)
        return items
"""

ASYNC = """
import asyncio, os
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    async def predict(self, items):
        print("batch", items)
        try:
            while "first" not in items and not os.path.exists({gate!r}):
                await asyncio.sleep(0.005)
            {then}
        except asyncio.CancelledError:
            print("cancelled", items)
            raise
        return items
"""


def cancel(worker: WorkerClient, id: int) -> None:
    """Sends CANCEL, and returns when the worker has read it."""
    worker.send(frames.CANCEL, id)
    worker.send(frames.PING, 1000 + id)
    assert worker.frame_of(1000 + id).kind == frames.PONG


def batches(worker: WorkerClient) -> list[str]:
    """What `predict` was called with; the worker must have ended."""
    return [line.text for line in worker.log() if line.text.startswith("batch ")]


def test_while_it_is_prepared_by_a_plain_method(serve: Serve, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    worker = serve(PREPARED.format(word="", gate=str(gate), wait="time.sleep(0.005)"), batching=ADAPTIVE)
    slow, other = worker.request("slow"), worker.request("other")
    worker.log_line("preparing slow")
    cancel(worker, slow)
    gate.touch()
    assert worker.frame_of(slow).kind == frames.EMPTY
    assert worker.answer(other).text == "other"
    worker.drain()
    assert batches(worker) == ["batch ['other']"]


def test_while_it_is_prepared_by_an_async_method_which_hears_of_it(serve: Serve, tmp_path: Path) -> None:
    source = PREPARED.format(word="async ", gate=str(tmp_path / "never"), wait="await asyncio.sleep(0.005)")
    worker = serve(source, batching=ADAPTIVE)
    slow = worker.request("slow", request_id="gone")
    worker.log_line("preparing slow")
    worker.send(frames.CANCEL, slow)
    assert worker.frame_of(slow).kind == frames.EMPTY
    assert worker.log_line("cancelled slow").request_id == "gone"
    assert worker.predict("other").text == "other"
    worker.drain()
    assert batches(worker) == ["batch ['other']"]


@pytest.mark.parametrize("word", ["", "async "])
def test_before_it_is_prepared(serve: Serve, tmp_path: Path, word: str) -> None:
    gate = tmp_path / "gate"
    wait = "await asyncio.sleep(0.005)" if word else "time.sleep(0.005)"
    worker = serve(PREPARED.format(word=word, gate=str(gate), wait=wait), batching=ADAPTIVE)
    slow = worker.request("slow")
    worker.log_line("preparing slow")
    waiting = worker.request("slow")
    worker.send(frames.CANCEL, waiting)
    assert worker.frame_of(waiting).kind == frames.EMPTY
    gate.touch()
    assert worker.answer(slow).text == "slow"
    worker.drain()
    assert batches(worker) == ["batch ['slow']"]


@pytest.mark.parametrize("word", ["", "async "])
def test_while_it_waits_for_company(serve: Serve, word: str) -> None:
    worker = serve(
        "from spell.serving import BasePredictor\n"
        f"class P(BasePredictor):\n    {word}def predict(self, items): return [len(items)] * len(items)\n",
        batching=FIXED,
    )
    ids = [worker.request(number) for number in range(2)]
    worker.send(frames.CANCEL, ids[0])
    assert worker.frame_of(ids[0]).kind == frames.EMPTY
    ids += [worker.request(2)]
    cancel(worker, 99)  # One that it never had: nobody minds.
    ids += [worker.request(3)]
    assert [worker.answer(id).text for id in ids[1:]] == ["3", "3", "3"]


def test_while_an_async_batch_runs_that_others_wait_for(serve: Serve, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    worker = serve(ASYNC.format(gate=str(gate), then="pass"), batching={**FIXED, "maxSize": 2})
    left, stays = worker.request("left"), worker.request("stays")
    worker.log_line("batch ['left', 'stays']")
    cancel(worker, left)
    gate.touch()
    assert worker.frame_of(left).kind == frames.EMPTY
    assert worker.answer(stays).text == "stays"
    worker.drain()
    assert not any(line.text.startswith("cancelled") for line in worker.log())


def test_an_async_batch_that_nobody_waits_for_any_more_is_cancelled(serve: Serve, tmp_path: Path) -> None:
    worker = serve(ASYNC.format(gate=str(tmp_path / "never"), then="pass"), batching={**FIXED, "maxSize": 2})
    ids = [worker.request("a"), worker.request("b")]
    worker.log_line("batch ['a', 'b']")
    for id in ids:
        worker.send(frames.CANCEL, id)
    assert [worker.frame_of(id).kind for id in ids] == [frames.EMPTY, frames.EMPTY]
    worker.log_line("cancelled ['a', 'b']")
    worker.requests("first", "other")
    assert worker.answer(3).text == "first"
    assert worker.answer(4).text == "other"


@pytest.mark.parametrize("is_async", [False, True])
def test_while_a_batch_is_run_again_item_by_item(serve: Serve, tmp_path: Path, is_async: bool) -> None:
    gate = tmp_path / "gate"
    word, wait = ("async ", "await asyncio.sleep(0.005)") if is_async else ("", "time.sleep(0.005)")
    worker = serve(
        f"""
        import asyncio, os, time
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            {word}def predict(self, items):
                print("batch", items)
                if len(items) > 1:
                    raise ValueError("somebody is guilty")
                while items == ["a"] and not os.path.exists({str(gate)!r}):
                    {wait}
                return items
        """,
        batching={**FIXED, "maxSize": 3},
    )
    worker.requests("a", "left", "b")
    worker.log_line("batch ['a']")
    cancel(worker, 2)
    gate.touch()
    assert worker.answer(1).text == "a"
    assert worker.frame_of(2).kind == frames.EMPTY
    assert worker.answer(3).text == "b"
    worker.drain()
    assert batches(worker) == ["batch ['a', 'left', 'b']", "batch ['a']", "batch ['b']"]


@pytest.mark.parametrize("count", [1, 2])
def test_before_the_loop_gets_a_turn_to_form_its_batch(serve: Serve, count: int) -> None:
    worker = serve(
        """
        import asyncio, time
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            async def predict(self, items):
                print("batch", items)
                if "busy" in items:
                    time.sleep(0.2)  # What comes meanwhile waits for the loop.
                return items
        """,
        batching={**ADAPTIVE, "maxSize": count},
    )
    busy = [worker.request("busy") for _ in range(count)]
    worker.log_line("batch ['busy'")
    gone = [worker.request("gone") for _ in range(count)]
    for id in gone:
        worker.send(frames.CANCEL, id)
    assert [worker.frame_of(id).kind for id in gone] == [frames.EMPTY] * count
    assert [worker.answer(id).text for id in busy] == ["busy"] * count
    worker.drain()
    assert not any("gone" in line for line in batches(worker))
