"""What a worker leaves behind: answers that it finished and did not send."""

from __future__ import annotations

from conftest import Serve

from spell.worker import frames

DEADLY = """
import os, signal
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def predict(self, payload):
        if payload == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return payload
"""

PLENTY = 40


def test_what_was_answered_before_the_worker_died_is_sent_or_left_behind(serve: Serve) -> None:
    worker = serve(DEADLY)
    worker.requests(*range(PLENTY), "die", "behind")
    worker.wait()
    assert worker.begun() == PLENTY + 1
    answered = set()
    while (frame := worker.receive()) is not None:
        answered.add(frame.id)
    left = worker.unsent()
    assert [kind for kind, _, _ in left] == [frames.RESPONSE] * len(left)
    assert answered | {id for _, id, _ in left} == set(range(1, PLENTY + 1))


def test_what_was_sent_is_not_left_behind(serve: Serve) -> None:
    worker = serve(DEADLY)
    worker.requests(1, 2, 3)
    for id in (1, 2, 3):
        worker.answer(id)
    id = worker.request("die")
    worker.wait()
    assert worker.begun() == id
    assert worker.unsent() == []


def test_answers_for_which_there_is_no_room_are_sent_before_the_next_call(serve: Serve) -> None:
    worker = serve(DEADLY)
    large = ["x" * 20_000, "y" * 20_000, "z" * 60_000]
    worker.requests(*large, "die")
    worker.wait()
    answered = [worker.receive() for _ in range(3)]
    assert [frame and frame.id for frame in answered] == [1, 2, 3]
    assert worker.unsent() == []
