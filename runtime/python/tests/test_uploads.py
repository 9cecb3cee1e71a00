"""Large bodies that follow their requests in frames of their own."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from conftest import Serve
from worker_client import WorkerClient, head_of

from spell.worker import frames

LENGTH = """
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def predict(self, payload):
        return len(payload)
"""

WHOLE = """
import asyncio
from starlette.requests import Request
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def predict(self, request: Request):
        return len(asyncio.run(request.body()))
"""

STREAMED = """
import os, time
from starlette.requests import ClientDisconnect, Request
from starlette.responses import StreamingResponse
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    async def predict(self, request: Request):
        if request.headers["x-do"] == "ignore":
            return "ignored"
        if request.headers["x-do"] == "echo":
            return StreamingResponse(part async for part in request.stream())
        total = 0
        try:
            async for part in request.stream():
                print("part", len(part))
                while request.headers["x-do"] == "block" and not os.path.exists("gate"):
                    time.sleep(0.001)
                total += len(part)
                while request.headers["x-do"] == "hold" and not os.path.exists("go"):
                    time.sleep(0.001)
        except BaseException as error:
            print("ended by", type(error).__name__)
            raise
        return total
"""

BATCHED = """
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def predict(self, payloads):
        return [len(payload) for payload in payloads]
"""

WHOLE_BODY, BROKEN_BODY = b"\0", b"\1"


def send_body(worker: WorkerClient, id: int, body: bytes, size: int = 65536) -> None:
    """Within the window: as much as WANT allows."""
    room = frames.STREAM_WINDOW_BYTES
    while body:
        while room == 0:
            room += wanted(worker, id)
        piece = body[: min(size, room)]
        worker.send(frames.BODY, id, piece)
        body, room = body[len(piece) :], room - len(piece)


def wanted(worker: WorkerClient, id: int) -> int:
    """What the next WANT says."""
    frame = worker.frame_of(id)
    assert frame.kind == frames.WANT, frame
    size: int = struct.unpack("<I", frame.payload)[0]
    return size


def answer_text(worker: WorkerClient, id: int) -> str:
    """The answer, past what is still wanted."""
    while (frame := worker.frame_of(id)).kind == frames.WANT:
        pass
    worker._frames.insert(0, frame)
    return worker.answer(id).text


def streaming_head(do: str) -> dict[str, object]:
    return head_of(headers=[["x-do", do]])


@pytest.mark.parametrize("source", [LENGTH, WHOLE])
@pytest.mark.parametrize("size", [65536, 50_001])
def test_a_body_is_gathered_and_then_its_request_begins(serve: Serve, source: str, size: int) -> None:
    worker = serve(source)
    id = worker.upload(head=head_of())
    send_body(worker, id, json.dumps("x" * 2_999_998).encode(), size)
    worker.send(frames.COMPLETE, id, WHOLE_BODY)
    assert answer_text(worker, id) in ("2999998", "3000000")


def test_others_run_while_a_body_comes_and_are_begun_before_it(serve: Serve) -> None:
    worker = serve(LENGTH)
    id = worker.upload()
    worker.send(frames.BODY, id, b'"12')
    assert worker.predict("four").text == "4"
    assert worker.begun() == 1
    worker.send(frames.BODY, id, b'345"')
    worker.send(frames.COMPLETE, id, WHOLE_BODY)
    assert answer_text(worker, id) == "5"
    assert worker.begun() == 2


def test_a_body_that_breaks_off_is_answered_by_one_empty_frame(serve: Serve) -> None:
    worker = serve(LENGTH)
    id = worker.upload()
    worker.send(frames.BODY, id, b'"12')
    worker.send(frames.CANCEL, id)
    worker.send(frames.COMPLETE, id, BROKEN_BODY)
    worker.send(frames.BODY, id, b"late")
    assert worker.frame_of(id).kind == frames.EMPTY
    assert worker.predict("four").text == "4"
    assert worker.begun() == 1
    assert worker._frames == []


def test_a_large_body_that_is_not_json_is_refused(serve: Serve) -> None:
    worker = serve(LENGTH)
    id = worker.upload()
    worker.send(frames.BODY, id, b"nonsense")
    worker.send(frames.COMPLETE, id, WHOLE_BODY)
    assert worker.error(id)["code"] == "bad-json"


def test_a_large_body_joins_a_batch_when_it_is_complete(serve: Serve) -> None:
    worker = serve(BATCHED, batching={"maxSize": 2, "windowMs": 60_000, "isolation": True}, batchPrefix="b")
    id = worker.upload()
    small = worker.request("four")
    worker.send(frames.BODY, id, b'"12345"')
    worker.send(frames.COMPLETE, id, WHOLE_BODY)
    assert (answer_text(worker, small), answer_text(worker, id)) == ("4", "5")


def test_an_async_method_that_takes_the_request_begins_before_its_body_is_there(serve: Serve) -> None:
    worker = serve(STREAMED)
    assert worker.info["predict"]["streamsBody"] is True
    id = worker.upload(head=streaming_head("count"))
    worker.send(frames.BODY, id, b"x" * 10)
    worker.log_line("part 10")
    worker.send(frames.BODY, id, b"x" * 65_536)
    worker.log_line("part 65536")
    assert wanted(worker, id) == 65_546
    worker.send(frames.COMPLETE, id, WHOLE_BODY)
    assert answer_text(worker, id) == "65546"


def test_what_an_async_method_does_not_read_is_not_wanted(serve: Serve) -> None:
    worker = serve(STREAMED)
    id = worker.upload(head=streaming_head("ignore"))
    worker.send(frames.BODY, id, b"x" * 200_000)
    assert worker.answer(id).text == "ignored"
    worker.send(frames.COMPLETE, id, BROKEN_BODY)
    small = worker.request(raw=b"12", head=streaming_head("count"))
    assert worker.answer(small).text == "2"


def test_a_body_can_be_answered_while_it_comes(serve: Serve) -> None:
    worker = serve(STREAMED)
    id = worker.upload(head=streaming_head("echo"))
    for part in (b"one", b"two"):
        worker.send(frames.BODY, id, part)
        while (frame := worker.frame_of(id)).kind != frames.CHUNK:
            pass
        assert frame.payload == part
    worker.send(frames.COMPLETE, id, WHOLE_BODY)
    assert worker.frame_of(id).kind == frames.END


def test_a_client_that_goes_while_the_event_loop_is_busy_cancels_the_method_all_the_same(
    serve: Serve, project: Path
) -> None:
    worker = serve(STREAMED)
    id = worker.upload(head=streaming_head("block"))
    worker.send(frames.BODY, id, b"x" * 10)
    worker.log_line("part 10")
    worker.send(frames.CANCEL, id)
    worker.send(frames.COMPLETE, id, BROKEN_BODY)
    worker.send(frames.PING, 0)
    assert worker.frame_of(0).kind == frames.PONG, "the reader has taken both"
    (project / "gate").touch()
    assert worker.frame_of(id).kind == frames.EMPTY
    assert worker.log_line("ended by").text == "ended by CancelledError"
    assert worker.drain() == 0


def test_a_client_that_goes_in_the_middle_cancels_an_async_method(serve: Serve) -> None:
    worker = serve(STREAMED)
    id = worker.upload(head=streaming_head("count"))
    worker.send(frames.BODY, id, b"x" * 10)
    worker.log_line("part 10")
    worker.send(frames.CANCEL, id)
    worker.send(frames.COMPLETE, id, BROKEN_BODY)
    assert worker.frame_of(id).kind == frames.EMPTY
    worker.log_line("ended by CancelledError")
    assert worker.drain() == 0


def test_a_client_that_goes_while_an_async_method_keeps_the_loop_cancels_it_when_it_reads_on(
    serve: Serve, project: Path
) -> None:
    worker = serve(STREAMED)
    id = worker.upload(head=streaming_head("hold"))
    worker.send(frames.BODY, id, b"x" * 10)
    worker.log_line("part 10")
    worker.send(frames.CANCEL, id)
    worker.send(frames.COMPLETE, id, BROKEN_BODY)
    worker.send(frames.PING, 77)
    assert worker.frame_of(77).kind == frames.PONG  # So it has read of both.
    (project / "go").touch()
    assert worker.frame_of(id).kind == frames.EMPTY
    worker.log_line("ended by CancelledError")
