"""What an answer tells of a request's way through the worker, and how a batch is called."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from conftest import Serve
from test_batching import ADAPTIVE
from worker_client import Frame, Stages, WorkerClient, answer_of, head_of

from spell.worker import frames

SLEEPS = """
    import asyncio, time
    from spell.serving import BasePredictor
    class P(BasePredictor):
        {word}def predict(self, payload):
            {sleep}
            if payload == "bad": raise ValueError("bad")
            return payload
"""
WORDS = ["", "async "]
SLEEP = {"": "time.sleep(0.02)", "async ": "await asyncio.sleep(0.02)"}

PREPARE = """
    import asyncio, time
    from spell.serving import BasePredictor
    class P(BasePredictor):
        {word}def prepare(self, payload):
            {sleep}
            return payload
        def predict(self, items):
            time.sleep(0.05)
            return items
"""

BATCHED = """
    import asyncio, time
    from spell.serving import BasePredictor
    class P(BasePredictor):
        {word}def predict(self, items):
            print("batch", items)
            {sleep}
            if "bad" in items: raise ValueError("bad")
            return items
"""


def sent_together(worker: WorkerClient, *payloads: Any) -> list[Frame]:
    """The answers of requests that arrive in one piece, so that they are one batch."""
    first = worker._next_id + 1
    worker.requests(*payloads)
    return [worker.frame_of(first + index) for index in range(len(payloads))]


def code_of(frame: Frame) -> str:
    assert frame.kind == frames.ERROR
    code: str = json.loads(frame.payload[12:])["code"]
    return code


def owners_of(worker: WorkerClient, text: str) -> list[str]:
    """To whom lines belong that contain a text."""
    worker.log_line(text)
    return [line.request_id for line in worker.log() if text in line.text]


@pytest.mark.parametrize("word", WORDS)
def test_an_answer_says_how_long_its_request_waited_and_ran(serve: Serve, word: str) -> None:
    worker = serve(SLEEPS.format(word=word, sleep=SLEEP[word]))
    first, second = worker.request(1), worker.request(2)
    one, two = worker.answer(first).stages, worker.answer(second).stages
    assert one.predicted >= 0.02
    assert two.predicted >= 0.02
    assert one.prepared == two.prepared == 0
    if word == "":
        assert two.waited > one.waited >= 0  # Behind the first one.


@pytest.mark.parametrize("word", WORDS)
def test_an_error_says_it_too(serve: Serve, word: str) -> None:
    worker = serve(SLEEPS.format(word=word, sleep=SLEEP[word]))
    frame = worker.frame_of(worker.request("bad"))
    assert code_of(frame) == "predictor-error"
    assert Stages(*struct.unpack_from("<fff", frame.payload)).predicted >= 0.02
    not_json = worker.frame_of(worker.request(raw=b"{"))
    assert (code_of(not_json), struct.unpack_from("<fff", not_json.payload)) == ("bad-json", (0, 0, 0))


@pytest.mark.parametrize("word", WORDS)
def test_prepare_is_a_stage_of_its_own(serve: Serve, word: str) -> None:
    worker = serve(PREPARE.format(word=word, sleep=SLEEP[word]), batching=ADAPTIVE)
    stages = worker.answer(worker.request(1, head=head_of())).stages
    assert stages.prepared >= 0.02
    assert stages.predicted >= 0.05
    assert stages.waited >= 0


@pytest.mark.parametrize("word", WORDS)
def test_the_members_of_a_batch_ran_as_long_as_it_did(serve: Serve, word: str) -> None:
    worker = serve(BATCHED.format(word=word, sleep=SLEEP[word]), batching=ADAPTIVE)
    stages = [answer_of(frame).stages for frame in sent_together(worker, 1, 2, 3)]
    assert len({each.predicted for each in stages}) == 1
    assert stages[0].predicted >= 0.02


@pytest.mark.parametrize("word", WORDS)
def test_a_batch_that_is_taken_apart_is_told_before_its_answers(serve: Serve, word: str) -> None:
    worker = serve(BATCHED.format(word=word, sleep=SLEEP[word]), batching=ADAPTIVE)
    good, bad, other = sent_together(worker, 1, "bad", 2)
    assert (good.kind, code_of(bad), other.kind) == (frames.RESPONSE, "predictor-error", frames.RESPONSE)
    told = [(frame.kind, struct.unpack_from("<I", frame.payload)[0]) for frame in worker._frames]
    assert told == [(frames.BATCH, 1), (frames.ISOLATED, 1)]
    assert (
        answer_of(other).stages.predicted > answer_of(good).stages.predicted
    )  # Both count from the batch's beginning.


def test_what_a_batch_of_several_prints_carries_the_batch_and_what_one_alone_prints_its_request(serve: Serve) -> None:
    worker = serve(BATCHED.format(word="", sleep="pass"), batching=ADAPTIVE)
    sent_together(worker, "a", "bad")
    assert owners_of(worker, "batch ['a', 'bad']") == ["\x1dw0-1"]
    assert owners_of(worker, "predict raised ValueError for a batch of 2") == ["\x1dw0-1"]
    assert owners_of(worker, "batch ['bad']") == ["r"]


def test_without_isolation_the_message_names_the_batch_that_the_log_knows(serve: Serve) -> None:
    worker = serve(BATCHED.format(word="", sleep="pass"), batching={**ADAPTIVE, "isolation": False})
    received = sent_together(worker, "a", "bad")
    assert all("see the log for batch w0-1" in json.loads(frame.payload[12:])["message"] for frame in received)
    assert owners_of(worker, "ValueError: bad") == ["\x1dw0-1"]
