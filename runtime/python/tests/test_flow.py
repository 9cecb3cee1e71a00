"""Cancelling, recalling, heartbeats, draining, and what is begun: the life of requests in a worker with a plain `predict`."""

from __future__ import annotations

from pathlib import Path

from conftest import Serve

from spell.worker import frames


def gated(gate: Path) -> str:
    """A predictor that answers once a file exists."""
    return f"""
import os, time
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def predict(self, payload):
        print("begun", payload)
        while not os.path.exists({str(gate)!r}):
            time.sleep(0.005)
        return payload
"""


def test_a_cancelled_request_that_waits_is_dropped_and_answered_at_once(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated(tmp_path / "gate"))
    first, second, third = (worker.request(number) for number in range(3))
    worker.log_line("begun 0")
    worker.send(frames.CANCEL, second)
    assert worker.frame_of(second).kind == frames.EMPTY
    (tmp_path / "gate").touch()
    assert worker.answer(first).text == "0"
    assert worker.answer(third).text == "2"
    worker.drain()
    assert "begun 1" not in [line.text for line in worker.log()]


def test_a_cancelled_request_that_runs_finishes_and_is_answered_empty(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated(tmp_path / "gate"))
    id = worker.request("x")
    worker.log_line("begun x")
    worker.send(frames.CANCEL, id)
    worker.send(frames.PING, 5)
    assert worker.frame_of(5).kind == frames.PONG  # So the cancellation has been read.
    (tmp_path / "gate").touch()
    assert worker.frame_of(id).kind == frames.EMPTY
    assert worker.predict("y").text == "y"


def test_a_request_that_has_not_begun_can_be_taken_back(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated(tmp_path / "gate"))
    first, second = worker.request("a"), worker.request("b")
    worker.log_line("begun a")
    worker.send(frames.RECALL, first)
    worker.send(frames.RECALL, second)
    assert worker.frame_of(second).kind == frames.RECALLED
    assert worker.begun() == 1
    (tmp_path / "gate").touch()
    assert worker.answer(first).text == "a"  # It had begun: its answer comes as usual.
    assert worker.answer(worker.request("c")).text == "c"
    assert worker.begun() == 3
    worker.drain()
    assert "begun b" not in [line.text for line in worker.log()]


def test_heartbeats_are_answered_while_a_call_keeps_the_interpreter_busy(serve: Serve) -> None:
    worker = serve("""
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def predict(self, payload):
                print("begun")
                while True:
                    pass
    """)
    worker.request({})
    worker.log_line("begun")
    for number in range(5):
        worker.send(frames.PING, number)
        assert worker.frame_of(number, timeout_s=2).kind == frames.PONG


def test_the_counter_of_begun_requests_counts_frames_and_is_written_before_the_call(serve: Serve) -> None:
    worker = serve("""
        import os, signal
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def predict(self, payload):
                if payload == "die":
                    os.kill(os.getpid(), signal.SIGKILL)
                return payload
    """)
    assert worker.predict("a").text == "a"
    worker.refused(raw=b"not json")
    # Sent at once: the first of them ends the worker, and nothing can be sent to one that has ended.
    worker.requests("die", "never", "never")
    assert worker.wait() == -9
    assert worker.begun() == 3


def test_draining_finishes_what_was_sent_and_runs_exit_handlers(serve: Serve, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    worker = serve("import atexit\natexit.register(print, 'goodbye')\n" + gated(gate))
    ids = [worker.request(number) for number in range(3)]
    worker.send(frames.DRAIN, 0)
    gate.touch()
    assert [worker.answer(id).text for id in ids] == ["0", "1", "2"]
    assert worker.wait() == 0
    assert worker.receive() is None
    assert worker.log_line("goodbye").request_id == ""


def test_an_exit_handler_that_hangs_does_not_keep_the_worker(serve: Serve) -> None:
    worker = serve("""
        import atexit, time
        from spell.serving import BasePredictor

        atexit.register(time.sleep, 600)

        class Predictor(BasePredictor):
            def predict(self, payload):
                return payload
    """)
    assert worker.drain() == 0


def test_a_thousand_requests_in_flight_get_a_thousand_answers(serve: Serve) -> None:
    worker = serve("""
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def predict(self, payload):
                return {"n": payload}
    """)
    ids = [worker.request(number) for number in range(1000)]
    assert [worker.answer(id).json["n"] for id in ids] == list(range(1000))
