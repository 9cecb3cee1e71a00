"""A worker takes with it whatever its predictor started, and does not outlive its gateway."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Serve
from worker_client import WorkerClient

from spell.worker import frames

STARTING = """
import os, subprocess, sys, time
from multiprocessing import Process
from spell.serving import BasePredictor

def sleep(): time.sleep(600)

class Predictor(BasePredictor):
    def __init__(self):
        plain = subprocess.Popen(["sleep", "600"])
        session = subprocess.Popen(["sleep", "600"], start_new_session=True)
        shell = subprocess.run(["sh", "-c", "setsid sleep 600 > /dev/null 2>&1 & echo $!"], capture_output=True, text=True)
        process = Process(target=sleep, daemon=False)
        process.start()
        self.pids = [plain.pid, session.pid, int(shell.stdout), process.pid]

    def predict(self, payload):
        if payload == "loop":
            print("looping")
            while True: pass
        return self.pids
"""


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def started(worker: WorkerClient) -> list[int]:
    pids: list[int] = worker.predict({}).json
    assert all(is_alive(pid) for pid in pids)
    return pids


@pytest.mark.parametrize("end", ["drain", "vanish", "vanish while busy"])
def test_nothing_is_left_of_what_the_predictor_started(serve: Serve, end: str) -> None:
    worker = serve(STARTING)
    pids = started(worker)
    if end == "drain":
        assert worker.drain() == 0
    else:
        if end == "vanish while busy":
            worker.request("loop")
            worker.log_line("looping")
        worker.channel.close()
        assert worker.wait() == 0
    assert eventually(lambda: not any(is_alive(pid) for pid in pids))


def test_a_failed_start_leaves_nothing_either(start_worker: Serve) -> None:
    source = STARTING.replace(
        "    def predict", "        print(*self.pids)\n        raise ValueError\n\n    def predict"
    )
    worker = start_worker(source)
    assert worker.wait() == 1
    printed = [line.text for line in worker.log() if line.stream == "stdout"]
    pids = [int(text) for text in printed[0].split()]
    assert len(pids) == 4
    assert eventually(lambda: not any(is_alive(pid) for pid in pids))


def test_the_worker_leads_a_process_group_of_its_own(serve: Serve) -> None:
    worker = serve(STARTING)
    assert os.getpgid(worker.pid) == worker.pid


def test_children_do_not_hold_the_gateways_socket(serve: Serve) -> None:
    worker = serve("""
        import os, subprocess
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def predict(self, payload):
                reading, writing = os.pipe()
                if os.fork() == 0:
                    os.write(writing, " ".join(os.readlink(f"/proc/self/fd/{fd}") for fd in (3, 4)).encode())
                    os._exit(0)
                executed = subprocess.run(["ls", "-l", "/proc/self/fd"], capture_output=True, text=True).stdout
                return {"forked": os.read(reading, 1000).decode(), "executed": executed}
    """)
    answer = worker.predict({}).json
    assert answer["forked"] == "/dev/null /dev/null"
    assert "socket:" not in answer["executed"]


def test_a_worker_dies_with_its_parent_though_the_interpreter_is_wedged(serve: Serve) -> None:
    # The parent's death itself is the kernel's business (prctl(2)); here only that it has been told to care.
    worker = serve(
        """
        import ctypes
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def predict(self, payload):
                signal, reaper = ctypes.c_int(), ctypes.c_int()
                ctypes.CDLL(None).prctl(2, ctypes.byref(signal))
                ctypes.CDLL(None).prctl(37, ctypes.byref(reaper))
                return [signal.value, reaper.value]
    """,
        paths="namespace",
    )
    assert worker.predict({}).json == [9, 1]


@pytest.mark.parametrize("end", ["vanish", "drain"])
def test_a_worker_that_is_still_loading_ends_when_it_is_not_wanted_any_more(start_worker: Serve, end: str) -> None:
    worker = start_worker("import time\nprint('loading')\ntime.sleep(600)\n")
    worker.log_line("loading")
    worker.send(frames.PING, 1)
    assert worker.frame_of(1).kind == frames.PONG
    if end == "vanish":
        worker.channel.close()
        assert worker.wait() == 0
    else:
        assert worker.drain() == 0


def test_a_frame_that_makes_no_sense_ends_the_worker_and_says_so(serve: Serve) -> None:
    worker = serve(STARTING)
    worker.send(frames.REQUEST, 1, b"\0")
    assert worker.wait() == 1
    worker.log_line("the worker cannot go on")


def test_multiprocessing_may_spawn_workers_of_its_own(serve: Serve) -> None:
    worker = serve("""
        import multiprocessing
        from spell.serving import BasePredictor

        def double(number):
            return number * 2

        class Predictor(BasePredictor):
            def __init__(self):
                self.pool = multiprocessing.get_context("spawn").Pool(1)

            def predict(self, payload):
                return self.pool.map(double, payload)
    """)
    assert worker.predict([1, 2]).json == [2, 4]
    assert worker.drain() == 0
