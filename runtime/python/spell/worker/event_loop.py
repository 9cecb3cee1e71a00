"""The thread in which coroutines run: async methods, streamed responses, background tasks."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Coroutine
from contextvars import copy_context
from typing import Any, Callable

from spell.worker.current_request import current_request
from spell.worker.job import Job

_CAN_START_EAGERLY = sys.version_info >= (3, 12)


class EventLoop:
    """An asyncio loop in a thread of its own, which knows whose client may still go away.

    It exists only where something needs it; methods may be called from any thread but where said otherwise.
    """

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cancellable: dict[int, asyncio.Task[None]] = {}
        self._cancelled: set[int] = set()
        self._streams: dict[int, Callable[[int], None]] = {}
        self._started = False

    def start(self) -> None:
        """Starts the thread. Until then another thread may run the loop, as `__init__` of a predictor may."""
        if not self._started:
            self._started = True
            threading.Thread(target=self._run, name="spell-loop", daemon=True).start()

    def submit(self, job: Job, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs a coroutine for a job."""
        self.loop.call_soon_threadsafe(self.spawn, job, work)

    def spawn(self, job: Job, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Like `submit`, from the loop's own thread. Where Python can, it runs up to the first wait at once."""
        context = copy_context()
        context.run(current_request.set, job.request_id)
        task = context.run(self._new_task, work())
        if not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _new_task(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        if _CAN_START_EAGERLY:
            return asyncio.Task(coroutine, loop=self.loop, eager_start=True)  # type: ignore[call-arg, unused-ignore]
        return self.loop.create_task(coroutine)

    def cancel(self, id: int) -> None:
        """The job's client is gone: if its answer is not complete, its task is cancelled."""
        # A turn later than now: a task that has just been made has begun by then, and only those that have are known.
        self.loop.call_soon_threadsafe(self.loop.call_soon, self._cancel, id)

    def _cancel(self, id: int) -> None:
        task = self._cancellable.get(id)
        if task is not None:
            self._cancelled.add(id)
            task.cancel()

    def unanswered(self, id: int) -> None:
        """The running task has the job's answer to give, and may be cancelled until `answered`."""
        task = asyncio.current_task()
        if task is not None:
            self._cancellable[id] = task

    def was_cancelled(self, id: int) -> bool:
        """Whether `cancel` reached the job's task. In the loop's thread."""
        return id in self._cancelled

    def answered(self, id: int) -> None:
        """The job's answer is complete: from now on nothing cancels its task. In the loop's thread."""
        self._cancellable.pop(id, None)
        self._cancelled.discard(id)
        self._streams.pop(id, None)

    def expect_credit(self, id: int, credit: Callable[[int], None]) -> None:
        """CREDIT frames for the job go to `credit`, until it is answered. In the loop's thread."""
        self._streams[id] = credit

    def credit(self, id: int, size: int) -> None:
        """Bytes of the job's stream that its client took."""
        self.loop.call_soon_threadsafe(self._credit, id, size)

    def _credit(self, id: int, size: int) -> None:
        credit = self._streams.get(id)
        if credit is not None:
            credit(size)

    def drain(self) -> None:
        """Waits until nothing runs any more, background tasks included."""
        if self._started:
            asyncio.run_coroutine_threadsafe(self._finish(), self.loop).result()

    async def _finish(self) -> None:
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
