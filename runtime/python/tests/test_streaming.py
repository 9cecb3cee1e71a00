"""Responses that have to be run: streams and files, with a window of bytes under way."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from conftest import Serve
from worker_client import Answer, WorkerClient, answer_of, head_of

from spell.worker import frames

STREAMING = """
import asyncio, os, time
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    {signature}
        {body}
"""


def streaming(body: str, signature: str = "def predict(self, payload):") -> str:
    return STREAMING.format(signature=signature, body=body)


@pytest.mark.parametrize("signature", ["def predict(self, payload):", "async def predict(self, payload):"])
def test_a_plain_generator_is_streamed(serve: Serve, signature: str) -> None:
    worker = serve(streaming("return StreamingResponse((f'{n},' for n in range(5)), media_type='text/csv')", signature))
    answer, body, end = worker.streamed(worker.request({}))
    assert (answer.status, body, end) == (200, b"0,1,2,3,4,", 0)
    assert answer.header("content-type") == "text/csv; charset=utf-8"


def test_chunks_leave_as_they_are_made(serve: Serve) -> None:
    body = """
        async def numbers():
            for n in range(3):
                yield f"{n}"
                await asyncio.sleep(0 if n < 1 else 600)
        return StreamingResponse(numbers())"""
    worker = serve(streaming(body.strip()))
    id = worker.request({})
    assert worker.frame_of(id).kind == frames.RESPONSE
    assert [worker.frame_of(id).payload for _ in range(2)] == [b"0", b"1"]


def test_a_slow_client_holds_up_the_stream_and_nothing_else(serve: Serve) -> None:
    body = "return payload if payload else StreamingResponse(bytes(65536) for _ in range(100))"
    worker = serve(streaming(body))
    id = worker.request(0)
    assert worker.frame_of(id).kind == frames.RESPONSE
    received = sum(len(worker.frame_of(id).payload) for _ in range(frames.STREAM_WINDOW_BYTES // 65536))
    assert received == frames.STREAM_WINDOW_BYTES
    assert worker.predict("another").text == "another"
    with pytest.raises(TimeoutError):
        worker.frame_of(id, timeout_s=0.1)
    worker.send(frames.CREDIT, id, struct.pack("<I", 1000))
    assert len(worker.frame_of(id).payload) == 1000
    worker.send(frames.CREDIT, id, struct.pack("<I", 1 << 30))
    while (frame := worker.frame_of(id)).kind == frames.CHUNK:
        received += len(frame.payload)
    assert (frame.kind, received + 1000) == (frames.END, 100 * 65536)


def test_one_large_chunk_is_cut(serve: Serve) -> None:
    worker = serve(streaming("return StreamingResponse(iter([b'x' * 3_000_000]))"))
    _, body, end = worker.streamed(worker.request({}))
    assert (len(body), end) == (3_000_000, 0)


def test_a_stream_that_raises_is_broken_off(serve: Serve) -> None:
    body = """
        def numbers():
            yield "1"
            raise ValueError("half way")
        return StreamingResponse(numbers())"""
    worker = serve(streaming(body.strip()))
    _, got, end = worker.streamed(worker.request({}, request_id="half"))
    assert (got, end) == (b"1", 1)
    assert worker.log_line("ValueError: half way").request_id == "half"


def test_a_cancelled_stream_stops_and_is_broken_off(serve: Serve) -> None:
    body = """
        async def endless():
            try:
                while True:
                    yield bytes(1000)
                    await asyncio.sleep(0)
            finally:
                print("stopped")
        return StreamingResponse(endless())"""
    worker = serve(streaming(body.strip()))
    id = worker.request({})
    assert worker.frame_of(id).kind == frames.RESPONSE
    worker.send(frames.CANCEL, id)
    while (frame := worker.frame_of(id)).kind == frames.CHUNK:
        pass
    assert (frame.kind, frame.payload) == (frames.END, b"\1")
    worker.log_line("stopped")
    assert worker.drain() == 0


def test_a_file_is_sent_with_its_length_and_in_parts_when_asked(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "data.txt"
    file.write_bytes(b"0123456789")
    signature = "def predict(self, request: Request):"
    worker = serve(streaming(f"return FileResponse({str(file)!r}, filename='d.txt')", signature))
    answer, body, _ = whole_or_plain(worker, worker.request(raw=b"", head=head_of()))
    assert body == b"0123456789"
    assert answer.header("content-length") == "10"
    assert "d.txt" in (answer.header("content-disposition") or "")
    head = head_of(method="GET", headers=[["range", "bytes=2-4"]])
    answer, body, _ = whole_or_plain(worker, worker.request(raw=b"", head=head))
    assert (answer.status, body) == (206, b"234")


def whole_or_plain(worker: WorkerClient, id: int) -> tuple[Answer, bytes, int]:
    frame = worker.frame_of(id)
    answer = answer_of(frame)
    if answer.body_kind & frames.BODY_MORE:
        worker._frames.insert(0, frame)
        return worker.streamed(id)
    return answer, answer.body, 0


def test_a_missing_file_is_an_error(serve: Serve) -> None:
    error = serve(streaming("return FileResponse('/not/there')")).refused({})
    assert error["code"] == "predictor-error"


def test_tasks_run_after_the_stream(serve: Serve) -> None:
    body = "tasks.add_task(print, 'injected'); return StreamingResponse(iter(['a']), background=BackgroundTask(print, 'own'))"
    worker = serve(streaming(body, "def predict(self, payload, tasks: BackgroundTasks):"))
    assert worker.streamed(worker.request({}))[1:] == (b"a", 0)
    worker.drain()
    assert [line.text for line in worker.log()] == ["own", "injected"]


def test_a_response_of_ones_own_that_sends_all_at_once_is_one_frame(serve: Serve) -> None:
    source = streaming("return Mine()").replace(
        "class Predictor",
        """class Mine(Response):
    async def __call__(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 202, "headers": [(b"x-a", b"1")]})
        await send({"type": "http.response.body", "body": b"mine"})

class Predictor""",
    )
    answer = serve(source).predict({})
    assert (answer.status, answer.body, answer.header("x-a")) == (202, b"mine", "1")
    assert answer.body_kind == frames.BODY_HEAD


@pytest.mark.parametrize(
    ("sends", "says"),
    [("pass", "ended without sending"), ("await send({'type': 'http.response.body', 'body': b''})", "before its head")],
)
def test_a_response_that_does_not_answer_is_an_error(serve: Serve, sends: str, says: str) -> None:
    source = streaming("return Mine()").replace(
        "class Predictor",
        f"class Mine(Response):\n    async def __call__(self, scope, receive, send):\n        {sends}\n\nclass Predictor",
    )
    worker: Any = serve(source)
    error = worker.refused({})
    assert error["code"] == "predictor-error"
    worker.log_line(says)


@pytest.mark.parametrize(
    ("result", "label"),
    [
        ("b'x' * 1_000_000", "application/octet-stream"),
        ("'x' * 1_000_000", "text/plain; charset=utf-8"),
        ("['x' * 999_996]", "application/json"),
        ("Response(b'x' * 1_000_000, media_type='image/png')", "image/png"),
    ],
)
def test_a_large_answer_is_streamed_with_its_length_and_label(serve: Serve, result: str, label: str) -> None:
    worker = serve(
        streaming(
            f"tasks.add_task(print, 'after'); return {result}", "def predict(self, payload, tasks: BackgroundTasks):"
        )
    )
    id = worker.request({})
    head = worker.frame_of(id)
    assert answer_of(head).header("content-length") == "1000000"
    taken = sum(len(worker.frame_of(id).payload) for _ in range(frames.STREAM_WINDOW_BYTES // 65536))
    with pytest.raises(TimeoutError):
        worker.frame_of(id, timeout_s=0.1)
    assert worker.log() == []
    worker.send(frames.CREDIT, id, struct.pack("<I", 1 << 30))
    while (frame := worker.frame_of(id)).kind == frames.CHUNK:
        taken += len(frame.payload)
    assert (frame.kind, frame.payload, taken) == (frames.END, b"\0", 1_000_000)
    assert answer_of(head).header("content-type") == label
    worker.log_line("after")


def test_a_plain_generator_is_closed_when_the_client_goes(serve: Serve) -> None:
    body = """
        def endless():
            try:
                while True:
                    yield bytes(1000)
            finally:
                print("closed")
        return StreamingResponse(endless())"""
    worker = serve(streaming(body.strip()))
    id = worker.request({})
    assert worker.frame_of(id).kind == frames.RESPONSE
    worker.send(frames.CANCEL, id)
    while (frame := worker.frame_of(id)).kind == frames.CHUNK:
        pass
    assert (frame.kind, frame.payload) == (frames.END, b"\1")
    worker.log_line("closed")
