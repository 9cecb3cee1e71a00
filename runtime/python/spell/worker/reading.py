"""Who reads the socket: the main thread while it waits for requests, the watcher while it runs the predictor.

A request that finds the worker idle is read, run and answered by one thread: no other has to be woken for it, and none
takes the interpreter away from it. Somebody must look at the socket, though, while the main thread runs what takes
long: clients that hang up, requests to decode in advance, the gateway's end.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from time import perf_counter
from typing import Callable, NoReturn

from spell.worker.intake import Intake
from spell.worker.lifecycle import end_now
from spell.worker.log_stream import log_error
from spell.worker.reader import FrameReader
from spell.worker.traceback_text import user_traceback
from spell.worker.writer import FrameWriter

_LONG_S = 0.001
"""What the main thread runs for longer is not waited for."""

_LOOK_EVERY_S = 0.004
_REST_AFTER_S = 0.05
"""The watcher sleeps while nothing has happened for so long."""


class Reading:
    """Takes frames in until the gateway's end of the socket closes, which ends this process."""

    def __init__(self, channel: socket.socket, reader: FrameReader, writer: FrameWriter, intake: Intake) -> None:
        self._channel = channel
        self._reader = reader
        self._writer = writer
        self._intake = intake
        self._turn = threading.Lock()
        """Held by whoever reads. The main thread has it all the time while it waits."""
        self._heard_s = perf_counter()
        """When the main thread last began to wait, or went on."""
        self._watcher_took = False
        """Something came in that the main thread has not heard of."""
        self._alarm = Alarm()
        self.wake: Callable[[], None] = self._alarm.ring
        """Ends the main thread's waiting, or the next one if it does not wait now. For any thread."""
        self._sources = (channel, self._alarm.listening)

    def start(self) -> None:
        """Starts the watcher: before the predictor is loaded, so that a worker that loads for minutes does not outlive
        its gateway either."""
        threading.Thread(target=self._watch, name="spell-watcher", daemon=True).start()

    def wait(self, timeout_s: float | None = None) -> None:
        """Waits until frames have come, and takes them in. Also returns when something may have changed since the main
        thread looked last. For the main thread."""
        with self._turn:
            self._heard_s = perf_counter()
            if self._watcher_took:
                self._watcher_took = False
            else:
                # After a heartbeat it waits on: else each would keep the watcher of an idle worker awake for a while.
                while not self._receive(timeout_s) and timeout_s is None:
                    pass
            self._heard_s = perf_counter()

    def wait_while(self, wanted: Callable[[], bool]) -> None:
        """Takes frames in as long as they are wanted: for a main thread that runs no predictor."""
        with self._turn:
            while wanted():
                self._receive(None)

    def look(self) -> None:
        """Takes in what is there. For the main thread."""
        with self._turn:
            self._receive(0)

    def _receive(self, timeout_s: float | None) -> bool:
        """False: nothing came but heartbeats."""
        # Who waits in `recv` itself is also woken when the gateway has read what was sent (unix_write_space in Linux).
        readable = select.select(self._sources, (), (), timeout_s)[0]
        rang = self._alarm.listening in readable
        if rang:
            self._alarm.stop()
        if self._channel in readable:
            self._take()
            return rang or self._intake.brought_news
        return True

    def _take(self) -> None:
        try:
            received = self._reader.receive()
            goes_on = received is not None and self._intake.take(received)
        except Exception as error:
            log_error(f"the worker cannot go on\n{user_traceback(error)}")
            end_now(1)
        if not goes_on:
            end_now()

    def _watch(self) -> NoReturn:
        while True:
            time.sleep(_LOOK_EVERY_S)
            unheard_s = perf_counter() - self._heard_s
            if unheard_s < _LONG_S:
                continue
            # While the main thread waits, the turn is taken. Then we wait, too, but not at once: to be woken for every
            # request would cost more than to look for a while.
            if not self._turn.acquire(blocking=unheard_s >= _REST_AFTER_S):
                continue
            try:
                if perf_counter() - self._heard_s >= _LONG_S:
                    self._look()
            finally:
                self._turn.release()

    def _look(self) -> None:
        """The main thread has been running something for a while."""
        # Quick answers must not wait for a slow request that came behind them.
        self._writer.flush()
        if select.select((self._channel,), (), (), 0)[0]:
            self._watcher_took = True
            self._take()


class Alarm:
    """What wakes a thread that waits for a socket."""

    def __init__(self) -> None:
        self.listening, self._ringing = socket.socketpair()
        """The end that is readable while it rings, and the other."""
        self._rings = False

    def ring(self) -> None:
        """Wakes it, or keeps it from falling asleep."""
        if not self._rings:
            self._rings = True
            self._ringing.send(b"!")

    def stop(self) -> None:
        """It is awake, and looks at what the bell was rung for from now on."""
        self.listening.recv(1)
        self._rings = False
