"""Async methods: concurrent, cancellable, in the order in which they came."""

from __future__ import annotations

import asyncio
import threading

from conftest import Serve
from worker_client import PATIENCE_S

from spell.worker import frames
from spell.worker.event_loop import EventLoop
from spell.worker.job import Job

WAITING = """
import asyncio
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def __init__(self):
        self.lock = asyncio.Lock()
        self.events = {}

    async def predict(self, payload):
        if "open" in payload:
            self.events[payload["open"]].set()
            return "opened"
        event = self.events[payload["wait"]] = asyncio.Event()
        print("waiting", payload["wait"])
        try:
            await event.wait()
        except asyncio.CancelledError:
            print("cancelled", payload["wait"])
            raise
        async with self.lock:
            return payload
"""


def test_async_calls_run_concurrently(serve: Serve) -> None:
    worker = serve(WAITING)
    assert worker.info["predict"] == {"async": True, "needsHead": False, "streamsBody": False}
    first, second = worker.request({"wait": "a"}), worker.request({"wait": "b"})
    assert worker.predict({"open": "b"}).text == "opened"
    assert worker.answer(second).json == {"wait": "b"}
    assert worker.predict({"open": "a"}).text == "opened"
    assert worker.answer(first).json == {"wait": "a"}
    assert worker.begun() == 4


def test_calls_begin_in_the_order_in_which_they_came(serve: Serve) -> None:
    worker = serve("""
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            count = 0

            async def predict(self, payload):
                self.count += 1
                return self.count
    """)
    ids = [worker.request({}) for _ in range(100)]
    assert [worker.answer(id).text for id in ids] == [str(number) for number in range(1, 101)]


def test_a_cancelled_call_gets_an_empty_answer_and_knows(serve: Serve) -> None:
    worker = serve(WAITING)
    id = worker.request({"wait": "a"}, request_id="gone")
    worker.log_line("waiting a")
    worker.send(frames.CANCEL, id)
    assert worker.frame_of(id).kind == frames.EMPTY
    assert worker.log_line("cancelled a").request_id == "gone"


def test_a_call_whose_client_goes_before_its_first_step_is_cancelled_too() -> None:
    loop = EventLoop()
    cancelled = threading.Event()

    async def call() -> None:
        loop.unanswered(1)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()

    loop.submit(Job(1, 1, b"gone", None), call)
    loop.cancel(1)
    loop.start()
    assert cancelled.wait(PATIENCE_S)


def test_a_call_that_does_not_heed_its_cancellation_is_answered_empty_too(serve: Serve) -> None:
    worker = serve("""
        import asyncio
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            async def predict(self, payload):
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    return "nevertheless"
    """)
    id = worker.request({})
    worker.send(frames.CANCEL, id)
    assert worker.frame_of(id).kind == frames.EMPTY


def test_what_an_async_method_raises_is_its_answer(serve: Serve) -> None:
    worker = serve("""
        import asyncio
        from spell.serving import BasePredictor
        from starlette.exceptions import HTTPException

        class Predictor(BasePredictor):
            async def predict(self, payload):
                await asyncio.sleep(0)
                raise {"http": HTTPException(403), "exit": SystemExit(2), "cancel": asyncio.CancelledError()}[payload]
    """)
    assert worker.predict("http").status == 403
    assert worker.refused("exit", request_id="r1")["message"] == "predict raised SystemExit; see the log for request r1"
    assert worker.refused("cancel")["code"] == "predictor-error"
    assert worker.refused("other")["code"] == "predictor-error"


def test_a_plain_function_that_wraps_an_async_one_is_async(serve: Serve) -> None:
    worker = serve("""
        import functools
        from spell.serving import BasePredictor

        def logged(method):
            @functools.wraps(method)
            def wrapper(*args, **kwargs):
                return method(*args, **kwargs)
            return wrapper

        class Predictor(BasePredictor):
            @logged
            async def predict(self, payload):
                return payload
    """)
    assert worker.info["predict"]["async"] is True
    assert worker.predict([1]).json == [1]


def test_init_may_run_its_own_coroutines(serve: Serve) -> None:
    worker = serve("""
        import asyncio
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def __init__(self):
                asyncio.get_event_loop().run_until_complete(self.load())

            async def load(self):
                self.lock = asyncio.Lock()
                self.value = 5

            async def predict(self, payload):
                async with self.lock:
                    return self.value
    """)
    assert worker.predict({}).text == "5"


def test_draining_lets_what_was_sent_finish(serve: Serve) -> None:
    worker = serve("""
        import asyncio
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            async def predict(self, payload):
                await asyncio.sleep(0.05)
                return payload
    """)
    ids = [worker.request(number) for number in range(5)]
    worker.send(frames.DRAIN, 0)
    assert [worker.answer(id).text for id in ids] == ["0", "1", "2", "3", "4"]
    assert worker.wait() == 0
