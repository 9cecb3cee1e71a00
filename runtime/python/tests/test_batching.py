"""A batched `predict`: what it is given, and what becomes of its results."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from conftest import Serve, requires
from worker_client import Answer, Failed, WorkerClient, answer_of, head_of

from spell.worker import frames

ADAPTIVE = {"maxSize": 4, "windowMs": None, "isolation": True}
HEADER = "import os, time\nfrom spell.serving import BasePredictor\n"


def gated(body: str, gate: Path, *, before: str = "", is_async: bool = False) -> str:
    """A predictor whose first call waits for a file, so that what comes meanwhile is the second one's."""
    word, wait = ("async ", "await asyncio.sleep(0.005)") if is_async else ("", "time.sleep(0.005)")
    return f"""
import asyncio, os, time
from spell.serving import BasePredictor
{before}

class Predictor(BasePredictor):
    {word}def predict(self, items):
        print("batch", items)
        while items == ["first"] and not os.path.exists({str(gate)!r}):
            {wait}
        if items == ["first"]:
            return items
        {body}
"""


def answers_behind_gate(worker: WorkerClient, gate: Path, payloads: list[Any]) -> list[Any]:
    """Sends all payloads while the first call runs; their frames, in the order of the payloads."""
    first = worker.request("first")
    worker.log_line("batch ['first']")
    ids = [worker.request(payload) for payload in payloads]
    worker.send(frames.PING, 99)
    assert worker.frame_of(99).kind == frames.PONG  # So they have arrived.
    gate.touch()
    assert worker.frame_of(first).kind == frames.RESPONSE
    return [worker.frame_of(id) for id in ids]


def batch_frames(worker: WorkerClient) -> list[tuple[int, int, list[int]]]:
    """Number, reason and requests of every BATCH frame that has been read by now."""
    return [
        (*struct.unpack_from("<IB", frame.payload), [id for (id,) in struct.iter_unpack("<I", frame.payload[5:])])
        for frame in worker._frames
        if frame.kind == frames.BATCH
    ]


def texts(received: list[Any]) -> list[str]:
    return [
        answer_of(frame).text if frame.kind == frames.RESPONSE else frame.payload[12:].decode() for frame in received
    ]


def test_a_lone_request_is_a_batch_of_one_at_once(serve: Serve) -> None:
    worker = serve(
        HEADER + "class P(BasePredictor):\n    def predict(self, items): return [len(items)]\n", batching=ADAPTIVE
    )
    assert worker.info["predict"] == {"async": False, "needsHead": False, "streamsBody": False}
    assert worker.predict("x").text == "1"
    assert batch_frames(worker) == [(1, frames.RELEASED_WORKER_FREE, [1])]
    assert worker.begun() == 1


def test_what_arrives_while_a_batch_runs_is_the_next_one_in_its_order(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated("return [f'{item} of {len(items)}' for item in items]", tmp_path / "gate"), batching=ADAPTIVE)
    received = answers_behind_gate(worker, tmp_path / "gate", [1, 2, 3, 4, 5])
    assert texts(received) == ["1 of 4", "2 of 4", "3 of 4", "4 of 4", "5 of 1"]
    assert batch_frames(worker)[-2:] == [
        (2, frames.RELEASED_FULL, [2, 3, 4, 5]),
        (3, frames.RELEASED_WORKER_FREE, [6]),
    ]
    assert worker.begun() == 6


@pytest.mark.parametrize(
    "result",
    ["items", "tuple(items)", "(item for item in items)", "map(lambda item: item, items)"],
)
def test_any_iterable_is_a_result(serve: Serve, tmp_path: Path, result: str) -> None:
    worker = serve(gated(f"return {result}", tmp_path / "gate"), batching=ADAPTIVE)
    assert texts(answers_behind_gate(worker, tmp_path / "gate", ["a", "b", "c"])) == ["a", "b", "c"]


def test_a_predict_that_is_a_generator_answers(serve: Serve) -> None:
    source = (
        HEADER
        + "class P(BasePredictor):\n    def predict(self, items):\n        for item in items:\n            yield item\n"
    )
    assert serve(source, batching=ADAPTIVE).predict({"a": 1}).json == {"a": 1}


@requires("numpy")
def test_the_rows_of_an_array_are_results(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated("import numpy; return numpy.array(items) * 2", tmp_path / "gate"), batching=ADAPTIVE)
    received = answers_behind_gate(worker, tmp_path / "gate", [[1, 2], [3, 4]])
    assert [answer_of(frame).json for frame in received] == [[2, 4], [6, 8]]


@pytest.mark.parametrize(
    ("result", "says"),
    [
        ("{'a': 1}", "not by a value of type dict"),
        ("'ab'", "not by a value of type str"),
        ("b'ab'", "not by a value of type bytes"),
        ("{1, 2}", "not by a value of type set"),
        ("None", "not by None"),
        ("7", "not by a value of type int"),
        ("PlainTextResponse('x')", "not by a value of type PlainTextResponse"),
        ("items[:1]", "expected 2 results, got 1"),
        ("[*items, 1, 2]", "expected 2 results, got 4"),
        ("[]", "expected 2 results, got 0"),
    ],
)
def test_what_is_no_list_of_results_fails_the_whole_batch_with_the_reason(
    serve: Serve, tmp_path: Path, result: str, says: str
) -> None:
    before = "from starlette.responses import PlainTextResponse"
    worker = serve(gated(f"return {result}", tmp_path / "gate", before=before), batching=ADAPTIVE)
    for frame in answers_behind_gate(worker, tmp_path / "gate", [1, 2]):
        assert frame.kind == frames.ERROR
        assert b'"bad-result"' in frame.payload
        assert says in frame.payload[12:].decode()
    worker.drain()
    assert len([line for line in worker.log() if line.text.startswith("batch [1")]) == 1  # It is not run again.


def test_elements_are_answered_by_the_table_of_unbatched_results(serve: Serve, tmp_path: Path) -> None:
    body = """return [{
            "dict": {"a": [1]}, "text": "t", "bytes": b"b", "bad": object(),
            "response": JSONResponse({"own": 1}, 418, {"x-own": "1"}),
        }[item] for item in items]"""
    worker = serve(
        gated(body, tmp_path / "gate", before="from starlette.responses import JSONResponse"),
        batching={**ADAPTIVE, "maxSize": 8},
    )
    kinds = ["dict", "text", "bytes", "bad", "response"]
    received = answers_behind_gate(worker, tmp_path / "gate", kinds)
    got: dict[str, Answer] = {
        kind: answer_of(frame) for kind, frame in zip(kinds, received) if frame.kind == frames.RESPONSE
    }
    assert got["dict"].json == {"a": [1]}
    assert (got["text"].text, got["text"].body_kind) == ("t", frames.BODY_TEXT)
    assert (got["bytes"].body, got["bytes"].body_kind) == (b"b", frames.BODY_BYTES)
    assert (got["response"].status, got["response"].header("x-own")) == (418, "1")
    assert received[3].kind == frames.ERROR
    assert "bad-result" in received[3].payload[12:].decode()


@pytest.mark.parametrize("is_async", [False, True])
def test_of_a_batch_that_raises_only_the_guilty_fail(serve: Serve, tmp_path: Path, is_async: bool) -> None:
    body = """if any(item % 3 == 0 for item in items):
            raise ValueError(f"threes are wrong: {items}")
        return [item * 10 for item in items]"""
    worker = serve(gated(body, tmp_path / "gate", is_async=is_async), batching={**ADAPTIVE, "maxSize": 8})
    received = answers_behind_gate(worker, tmp_path / "gate", [1, 2, 3, 4, 6])
    assert [frame.kind == frames.RESPONSE for frame in received] == [True, True, False, True, False]
    if not is_async:
        assert texts([received[0], received[1], received[3]]) == ["10", "20", "40"]
        worker.log_line("predict raised ValueError for a batch of 5")
    assert "predict raised ValueError" in received[2].payload[12:].decode()


@pytest.mark.parametrize("word", ["", "async "])
@pytest.mark.parametrize(("annotation", "number"), [("", 'item["n"]'), (": List[Item]", "item.n")])
def test_what_predict_changed_before_it_raised_is_not_there_when_the_innocent_run_again(
    serve: Serve, word: str, annotation: str, number: str
) -> None:
    worker = serve(
        f"""
        from dataclasses import dataclass
        from typing import List
        from spell.serving import BasePredictor

        @dataclass
        class Item:
            n: int

        class Predictor(BasePredictor):
            {word}def predict(self, items{annotation}):
                for item in items:
                    {number} *= 2
                return [10 * {number} // min(1, {number}) for item in items]
        """,
        batching={"maxSize": 4, "windowMs": 60_000, "isolation": True},
    )
    worker.requests({"n": 1}, {"n": 0}, {"n": 3}, {"n": 4})
    assert [worker.answer(id).text for id in (1, 3, 4)] == ["20", "60", "80"]
    assert worker.error(2)["code"] == "predictor-error"


def test_without_isolation_a_batch_fails_as_a_whole_and_says_so_once(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated("raise ValueError('all of it')", tmp_path / "gate"), batching={**ADAPTIVE, "isolation": False})
    received = answers_behind_gate(worker, tmp_path / "gate", [1, 2, 3])
    assert all(frame.kind == frames.ERROR and b"predictor-error" in frame.payload for frame in received)
    worker.drain()
    assert [line.text for line in worker.log()].count("ValueError: all of it") == 1


def test_a_generator_that_raises_on_its_way_is_taken_apart_too(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated("return (1 / item for item in items)", tmp_path / "gate"), batching=ADAPTIVE)
    received = answers_behind_gate(worker, tmp_path / "gate", [1, 0, 2])
    assert [frame.kind for frame in received] == [frames.RESPONSE, frames.ERROR, frames.RESPONSE]


def test_an_http_exception_is_the_answer_of_the_one_that_caused_it(serve: Serve, tmp_path: Path) -> None:
    body = """if "secret" in items:
            raise HTTPException(401)
        return items"""
    worker = serve(
        gated(body, tmp_path / "gate", before="from starlette.exceptions import HTTPException"), batching=ADAPTIVE
    )
    received = answers_behind_gate(worker, tmp_path / "gate", ["a", "secret"])
    assert [answer_of(frame).status for frame in received] == [200, 401]


def test_bad_json_is_answered_alone_and_enters_no_batch(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated("return items", tmp_path / "gate"), batching=ADAPTIVE)
    first = worker.request("first")
    worker.log_line("batch ['first']")
    good, bad = worker.request("good"), worker.request(raw=b"{")
    assert worker.error(bad)["code"] == "bad-json"
    (tmp_path / "gate").touch()
    assert (worker.answer(first).text, worker.answer(good).text) == ("first", "good")


def test_an_item_that_does_not_match_its_annotation_is_answered_alone_at_once(serve: Serve) -> None:
    worker = serve(
        """
        from dataclasses import dataclass
        from typing import List
        from spell.serving import BasePredictor

        @dataclass
        class Item:
            x: int

        class Predictor(BasePredictor):
            def predict(self, items: List[Item]):
                return [f"{item.x} of {len(items)}" for item in items]
        """,
        batching={"maxSize": 2, "windowMs": 60_000, "isolation": True},
    )
    good = worker.request({"x": 1})
    refused = worker.refused({"x": "no"})
    assert refused["code"] == "invalid-payload"
    assert refused["fields"][0]["path"] == "x"
    other = worker.request({"x": 2})
    assert (worker.answer(good).text, worker.answer(other).text) == ("1 of 2", "2 of 2")


def test_cancelled_and_recalled_requests_are_in_no_batch(serve: Serve, tmp_path: Path) -> None:
    worker = serve(gated("return [len(items) for _ in items]", tmp_path / "gate"), batching=ADAPTIVE)
    first = worker.request("first")
    worker.log_line("batch ['first']")
    cancelled, recalled, good = (worker.request(text) for text in ("cancelled", "recalled", "good"))
    worker.send(frames.CANCEL, cancelled)
    worker.send(frames.RECALL, recalled)
    assert worker.frame_of(cancelled).kind == frames.EMPTY
    assert worker.frame_of(recalled).kind == frames.RECALLED
    (tmp_path / "gate").touch()
    assert worker.answer(first).text == "first"
    assert worker.answer(good).text == "1"


def test_one_that_is_cancelled_while_its_batch_runs_is_answered_empty_and_the_others_right(
    serve: Serve, tmp_path: Path
) -> None:
    worker = serve(
        gated(
            f"""
        print("running", items)
        while not os.path.exists({str(tmp_path / "second")!r}):
            time.sleep(0.005)
        return items""",
            tmp_path / "gate",
        ),
        batching=ADAPTIVE,
    )
    first = worker.request("first")
    worker.log_line("batch ['first']")
    left, stays = worker.request("left"), worker.request("stays")
    worker.send(frames.PING, 99)
    assert worker.frame_of(99).kind == frames.PONG
    (tmp_path / "gate").touch()
    worker.log_line("running")
    worker.send(frames.CANCEL, left)
    worker.send(frames.PING, 77)
    assert worker.frame_of(77).kind == frames.PONG
    (tmp_path / "second").touch()
    assert worker.frame_of(left).kind == frames.EMPTY
    assert worker.answer(stays).text == "stays"
    assert worker.answer(first).text == "first"


def test_fixed_a_batch_waits_for_company_until_it_is_full(serve: Serve) -> None:
    worker = serve(
        HEADER + "class P(BasePredictor):\n    def predict(self, items): return [len(items)] * len(items)\n",
        batching={"maxSize": 3, "windowMs": 60_000, "isolation": True},
    )
    ids = [worker.request(1), worker.request(2)]
    with pytest.raises(TimeoutError):
        worker.receive(0.2)
    ids.append(worker.request(3))
    assert [worker.answer(id).text for id in ids] == ["3", "3", "3"]
    assert batch_frames(worker) == [(1, frames.RELEASED_FULL, [1, 2, 3])]


def test_fixed_what_is_there_runs_when_the_window_is_over(serve: Serve) -> None:
    worker = serve(
        HEADER + "class P(BasePredictor):\n    def predict(self, items): return [len(items)] * len(items)\n",
        batching={"maxSize": 3, "windowMs": 50, "isolation": True},
    )
    ids = [worker.request(1), worker.request(2)]
    assert [worker.answer(id).text for id in ids] == ["2", "2"]
    assert batch_frames(worker) == [(1, frames.RELEASED_TIMEOUT, [1, 2])]


@pytest.mark.parametrize("word", ["", "async "])
def test_fixed_a_drain_releases_what_waits_and_a_recall_behind_it_comes_too_late(serve: Serve, word: str) -> None:
    worker = serve(
        HEADER + f"class P(BasePredictor):\n    {word}def predict(self, items): return items\n",
        batching={"maxSize": 3, "windowMs": 60_000, "isolation": True},
    )
    id = worker.request("x")
    worker.send(frames.RELEASE, 0)
    worker.send(frames.RECALL, id)
    assert worker.answer(id).text == "x"
    assert batch_frames(worker) == [(1, frames.RELEASED_DRAIN, [1])]
    assert worker.drain() == 0


@pytest.mark.parametrize("word", ["", "async "])
def test_background_tasks_of_a_batch_run_after_its_answers(serve: Serve, tmp_path: Path, word: str) -> None:
    worker = serve(
        f"""
        from starlette.background import BackgroundTasks
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            {word}def predict(self, items, tasks: BackgroundTasks):
                tasks.add_task(print, "after", items)
                return items
        """,
        batching=ADAPTIVE,
    )
    assert worker.predict("x").text == "x"
    worker.log_line("after ['x']")


def test_an_async_predict_runs_batches_at_a_time(serve: Serve) -> None:
    worker = serve(
        """
        import asyncio
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def __init__(self):
                self.both = asyncio.Event()
                self.running = 0

            async def predict(self, items):
                self.running += 1
                if self.running == 2:
                    self.both.set()
                await asyncio.wait_for(self.both.wait(), 10)
                return items
        """,
        batching=ADAPTIVE,
    )
    first = worker.request("a")
    assert worker.frame_of(0).kind == frames.BATCH
    second = worker.request("b")
    assert (worker.answer(first).text, worker.answer(second).text) == ("a", "b")


def test_a_request_that_may_have_killed_a_worker_makes_a_batch_of_its_own(serve: Serve) -> None:
    worker = serve(
        HEADER + "class P(BasePredictor):\n    def predict(self, items): return [len(items)] * len(items)\n",
        batching={"maxSize": 3, "windowMs": 60_000, "isolation": True},
    )
    assert worker.predict(1, kind=frames.KIND_ALONE).text == "1"


# Prepare.

PREPARE = """
from starlette.background import BackgroundTasks
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    {word}def prepare(self, payload, request: Request, tasks: BackgroundTasks):
        if payload == "bad":
            return PlainTextResponse("Bad data sent!", status_code=400)
        if payload == "teapot":
            raise HTTPException(418)
        if payload == "broken":
            raise ValueError("broken")
        if payload == "lambda":
            return {{"inner": [lambda: 1]}}
        if payload == "generator":
            return (x for x in "ab")
        if payload == "fine response":
            return PlainTextResponse("value")
        tasks.add_task(print, "after", payload)
        return payload, request.method

    def predict(self, items):
        return [f"{{item[0]}} {{item[1]}} {{len(items)}}" if isinstance(item, tuple) else item.body.decode() for item in items]
"""


@pytest.mark.parametrize("word", ["", "async "])
def test_prepare_is_called_as_an_unbatched_predict_and_its_values_form_the_batch(serve: Serve, word: str) -> None:
    worker = serve(PREPARE.format(word=word), batching=ADAPTIVE)
    assert worker.info["predict"] == {"async": False, "needsHead": True, "streamsBody": False}

    def ask(payload: str) -> Any:
        return worker.request(payload, head=head_of())

    assert worker.answer(ask("x")).text == "x POST 1"
    worker.log_line("after x")
    bad = worker.answer(ask("bad"))
    assert (bad.status, bad.text) == (400, "Bad data sent!")
    assert worker.answer(ask("teapot")).status == 418
    broken = worker.error(ask("broken"))
    assert (broken["code"], broken["message"][:26]) == ("predictor-error", "prepare raised ValueError;")
    for payload, named in (("lambda", "function (Predictor.prepare.<locals>.<lambda>)"), ("generator", "generator")):
        refused = worker.error(ask(payload))
        assert refused["code"] == "bad-result"
        assert f"a value of type {named} is not" in refused["message"]
    assert worker.answer(ask("fine response")).text == "value"
    assert batch_frames(worker)[0][0] == 1
    assert len(batch_frames(worker)) == 2


@pytest.mark.parametrize("word", ["", "async "])
def test_what_does_not_match_the_annotation_of_prepare_is_answered_alone(serve: Serve, word: str) -> None:
    worker = serve(
        f"""
        from dataclasses import dataclass
        from spell.serving import BasePredictor

        @dataclass
        class Item:
            n: int

        class Predictor(BasePredictor):
            {word}def prepare(self, item: Item):
                return item.n

            def predict(self, numbers):
                return numbers
        """,
        batching=ADAPTIVE,
    )
    assert worker.refused({"n": "x"})["code"] == "invalid-payload"
    assert batch_frames(worker) == []
    assert worker.predict({"n": 5}).text == "5"


def test_a_plain_prepare_runs_beside_a_plain_predict(serve: Serve, tmp_path: Path) -> None:
    source = gated("return [len(items)] * len(items)", tmp_path / "gate").replace(
        "    def predict",
        '    def prepare(self, payload):\n        print("prepared", payload)\n        return payload\n\n    def predict',
    )
    worker = serve(source, batching=ADAPTIVE)
    first = worker.request("first")
    worker.log_line("batch ['first']")
    ids = [worker.request(text) for text in "abc"]
    worker.log_line("prepared c")
    worker.send(frames.CANCEL, ids[0])
    assert worker.frame_of(ids[0]).kind == frames.EMPTY
    worker.send(frames.RECALL, ids[1])  # It has begun: it stays.
    (tmp_path / "gate").touch()
    assert worker.answer(first).text == "first"
    assert [worker.answer(id).text for id in ids[1:]] == ["2", "2"]


def test_a_prepare_is_no_part_of_an_unbatched_server(serve: Serve) -> None:
    source = (
        HEADER + "class P(BasePredictor):\n    def prepare(self, p): return 1\n    def predict(self, p): return [p]\n"
    )
    assert serve(source).predict("x").json == ["x"]


def test_a_batched_predict_may_not_ask_for_the_request(serve: Serve) -> None:
    with pytest.raises(Failed) as failed:
        serve(
            "from starlette.requests import Request\n"
            + HEADER
            + "class P(BasePredictor):\n    def predict(self, items, request: Request): return items\n",
            batching=ADAPTIVE,
        )
    assert failed.value.message["code"] == "request-in-batched-predict"
