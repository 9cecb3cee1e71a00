"""Who reads the socket, and when."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from spell.worker import frames, reading
from spell.worker.intake import Intake
from spell.worker.lazy_loop import LazyEventLoop
from spell.worker.left_behind import LeftBehind
from spell.worker.reader import Frame, FrameReader
from spell.worker.reading import Reading
from spell.worker.writer import FrameWriter

PATIENCE_S = 20.0


class Readers(Intake):
    """Notes which thread took what."""

    def __init__(self, writer: FrameWriter) -> None:
        super().__init__({}, LazyEventLoop(), writer)
        self.took: list[tuple[int, str]] = []
        self.heartbeats: set[int] = set()
        self._changed = threading.Condition()

    def take(self, received: Iterator[Frame]) -> bool:
        with self._changed:
            ids = [id for _, id, _ in received]
            self.took += [(id, threading.current_thread().name) for id in ids]
            self.brought_news = any(id not in self.heartbeats for id in ids)
            self._changed.notify_all()
        return True

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.took) >= count, PATIENCE_S)


class Ends:
    """The worker's end of a socket, read as a worker reads it, and the gateway's end."""

    def __init__(self) -> None:
        self.gateway, channel = socket.socketpair()
        self.gateway.settimeout(PATIENCE_S)
        self.writer = FrameWriter(channel, LeftBehind())
        self.readers = Readers(self.writer)
        self.reading = Reading(channel, FrameReader(channel), self.writer, self.readers)
        self.reading.start()

    def send(self, id: int) -> None:
        self.gateway.sendall(frames.frame(frames.PING, id))

    def abandon(self) -> None:
        """Somebody waits for ever, so that the watcher rests. (The end of the stream would be that of this process.)"""
        threading.Thread(target=self.reading.wait_while, args=(lambda: self.gateway is not None,), daemon=True).start()


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = Ends()
    yield made
    made.abandon()


def test_what_comes_while_the_main_thread_waits_is_read_by_itself(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LONG_S", 0.0)  # The watcher takes whatever it may.
    waits = threading.Event()

    def wanted() -> bool:
        waits.set()
        return len(ends.readers.took) < 50

    def send_one_by_one() -> None:
        waits.wait()
        for id in range(50):
            ends.send(id)
            ends.readers.wait_for(id + 1)

    threading.Thread(target=send_one_by_one).start()
    ends.reading.wait_while(wanted)
    assert ends.readers.took == [(id, "MainThread") for id in range(50)]


def test_what_comes_while_the_main_thread_runs_something_long_is_read_by_the_watcher(ends: Ends) -> None:
    for id in range(2):
        ends.send(id)
        ends.readers.wait_for(id + 1)
    assert ends.readers.took == [(0, "spell-watcher"), (1, "spell-watcher")]


def test_the_main_thread_hears_once_of_what_the_watcher_took(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    ends.send(0)
    ends.readers.wait_for(1)
    monkeypatch.setattr(reading, "_LONG_S", float("inf"))  # From now on the watcher takes nothing.
    ends.reading.wait()  # Else it would wait for ever.
    ends.send(1)
    ends.reading.wait()
    assert ends.readers.took == [(0, "spell-watcher"), (1, "MainThread")]


def test_unsent_answers_leave_while_the_main_thread_runs_something_long(ends: Ends) -> None:
    ends.writer.append(frames.frame(frames.EMPTY, 7))
    assert ends.gateway.recv(100) == frames.frame(frames.EMPTY, 7)


def test_another_thread_ends_the_waiting_also_before_it_begins(ends: Ends) -> None:
    threading.Thread(target=ends.reading.wake).start()
    ends.reading.wait()
    ends.reading.wake()
    ends.reading.wake()
    ends.reading.wait()

    asked = []

    def wanted() -> bool:
        asked.append(len(ends.readers.took))
        if asked == [0]:
            threading.Thread(target=ends.send, args=(0,)).start()
        return not ends.readers.took

    ends.reading.wait_while(wanted)
    assert asked == [0, 1], "it was woken as often as was asked for"


def test_a_heartbeat_does_not_end_the_wait(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LONG_S", float("inf"))  # The watcher takes nothing.
    ends.readers.heartbeats = {1, 2}
    waiter = threading.Thread(target=ends.reading.wait, name="waiter")
    waiter.start()
    for id in (1, 2, 3):
        ends.send(id)
        ends.readers.wait_for(id)
    waiter.join(PATIENCE_S)
    assert not waiter.is_alive()
    assert ends.readers.took == [(1, "waiter"), (2, "waiter"), (3, "waiter")]
