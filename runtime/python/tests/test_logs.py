"""What a predictor prints is told apart by request, and never torn."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from conftest import Serve
from worker_client import LogLine

PRINTING = """
import asyncio, logging, os, subprocess, sys, threading, warnings
from contextvars import copy_context
from spell.serving import BasePredictor
{setup}

class Predictor(BasePredictor):
    {kind} predict(self, payload):
        {body}
"""


def printing(body: str, setup: str = "", kind: str = "def") -> str:
    return PRINTING.format(body="\n        ".join(body.strip().split("\n")), setup=setup, kind=kind)


def lines_of(serve: Serve, source: str, request_id: str = "r1") -> list[LogLine]:
    worker = serve(source)
    worker.predict({}, request_id=request_id)
    worker.drain()
    return worker.log()


def test_lines_carry_the_request_while_one_runs(serve: Serve) -> None:
    lines = lines_of(serve, printing("print('in predict')\nprint('oops', file=sys.stderr)", "print('at import')"))
    assert sorted(lines) == [
        ("stderr", "r1", "", "oops"),
        ("stdout", "", "", "at import"),
        ("stdout", "r1", "", "in predict"),
    ]


def test_a_line_printed_after_the_request_carries_none(serve: Serve, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    setup = f"""
import time
def later():
    while not os.path.exists({str(gate)!r}):
        time.sleep(0.005)
    print("after")
"""
    worker = serve(printing("threading.Thread(target=later).start()", setup))
    worker.predict({}, request_id="r1")
    gate.touch()
    assert worker.log_line("after").request_id == ""


def test_lines_of_logging_carry_their_level_and_keep_the_users_format(serve: Serve) -> None:
    setup = (
        "logging.basicConfig(level=logging.DEBUG, format='%(levelname)s:%(message)s')\nlog = logging.getLogger('mine')"
    )
    body = "log.debug('one')\nlog.warning('two')\nlog.error('three\\nfour')\nprint('five', file=sys.stderr)"
    assert [(line.level, line.text) for line in lines_of(serve, printing(body, setup)) if line.request_id] == [
        ("DEBUG", "DEBUG:one"),
        ("WARNING", "WARNING:two"),
        ("ERROR", "ERROR:three"),
        ("ERROR", "four"),
        ("", "five"),
    ]


def test_a_logged_exception_keeps_its_request_on_every_line(serve: Serve) -> None:
    body = "try:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.exception('failed')"
    lines = lines_of(serve, printing(body))
    assert [line.text for line in lines][-1] == "ZeroDivisionError: division by zero"
    assert {(line.request_id, line.level) for line in lines} == {("r1", "ERROR")}


def test_concurrent_async_requests_keep_their_lines_apart(serve: Serve) -> None:
    body = """
print(f"begin {payload} ", end="")
self.arrived = getattr(self, "arrived", 0) + 1
while self.arrived < 3:
    await asyncio.sleep(0.001)
await asyncio.get_running_loop().run_in_executor(None, copy_context().run, print, f"thread {payload}")
await asyncio.create_task(say(payload))
print(f"end {payload}")
"""
    setup = "async def say(what): print(f'task {what}')"
    worker = serve(printing(body, setup, "async def"))
    ids = [worker.request(name, request_id=name) for name in "abc"]
    for id in ids:
        worker.answer(id)
    worker.drain()
    for name in "abc":
        texts = [line.text for line in worker.log() if line.request_id == name]
        assert texts == [f"thread {name}", f"begin {name} task {name}", f"end {name}"]


def test_a_line_without_an_end_waits_for_it_or_for_the_end(serve: Serve) -> None:
    lines = lines_of(
        serve, printing("print('a', end='')\nprint('b', end='')\nprint('c')\nprint('rest', end='', flush=True)")
    )
    assert [line.text for line in lines] == ["abc", "rest"]
    assert {line.request_id for line in lines} == {"r1"}


def test_a_progress_bar_is_one_line(serve: Serve) -> None:
    body = "for n in range(100):\n    sys.stderr.write(f'\\r{n} %')\n    sys.stderr.flush()\nsys.stderr.write('\\n')"
    assert [line.text for line in lines_of(serve, printing(body))] == ["99 %"]


def test_lines_of_threads_are_never_torn(serve: Serve) -> None:
    body = """
def shout(letter):
    for _ in range(200):
        print(letter * 50, letter * 50)
threads = [threading.Thread(target=shout, args=(letter,)) for letter in "abcd"]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""
    texts = [line.text for line in lines_of(serve, printing(body))]
    assert sorted(texts) == sorted(f"{letter * 50} {letter * 50}" for letter in "abcd" for _ in range(200))


def test_the_lines_of_a_traceback_stay_together_also_where_they_are_printed_one_by_one(serve: Serve) -> None:
    body = """
def fail(name):
    for _ in range(50):
        try:
            raise ValueError(name)
        except ValueError:
            traceback.print_exc()
        print("beside", file=sys.stderr)
threads = [threading.Thread(target=fail, args=(name,)) for name in "abcd"]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""
    texts = [line.text for line in lines_of(serve, printing(body, "import traceback"))]
    begins = [index for index, text in enumerate(texts) if text == "Traceback (most recent call last):"]
    assert len(begins) == 200
    for begin in begins:
        end = next(index for index in range(begin + 1, len(texts)) if not texts[index].startswith(" "))
        assert texts[end].startswith("ValueError: ")
        assert "raise ValueError(name)" in "".join(texts[begin:end])


def test_a_traceback_that_never_ends_is_printed_at_the_end(serve: Serve) -> None:
    lines = lines_of(serve, printing("print('Traceback (most recent call last):')\nprint('  File \"x\"')"))
    assert [line.text for line in lines] == ["Traceback (most recent call last):", '  File "x"']


def test_a_very_long_line_and_odd_characters_arrive_whole(serve: Serve) -> None:
    body = "print('x' * 300_000)\nprint('grüße \\ud800 \\x1f \\x1e')\nprint('')"
    assert [line.text for line in lines_of(serve, printing(body))] == ["x" * 300_000, "grüße \\ud800 \x1f \x1e", ""]


def test_what_does_not_go_through_python_arrives_without_a_request(serve: Serve) -> None:
    body = "os.write(1, b'raw\\n')\nsubprocess.run(['sh', '-c', 'echo child; echo bad >&2'])\nsys.stdout.buffer.write(b'bytes\\n')"
    lines = lines_of(serve, printing(body))
    assert {(line.stream, line.request_id, line.text) for line in lines} == {
        ("stdout", "", "raw"),
        ("stdout", "", "child"),
        ("stderr", "", "bad"),
        ("stdout", "", "bytes"),
    }


@pytest.mark.parametrize(
    "check", ["isatty() is False", "fileno() == 1", "encoding == 'utf-8'", "writable()", "name == '<stdout>'"]
)
def test_the_stream_looks_like_a_text_file(serve: Serve, check: str) -> None:
    assert serve(printing(f"return sys.stdout.{check}")).predict({}).text == "True"


def test_a_forked_child_may_print_though_a_thread_was_printing(serve: Serve) -> None:
    body = """
stop = threading.Event()
def chatter():
    while not stop.is_set():
        print("chatter")
thread = threading.Thread(target=chatter)
thread.start()
for _ in range(20):
    pid = os.fork()
    if pid == 0:
        print("child")
        os._exit(0)
    os.waitpid(pid, 0)
stop.set()
thread.join()
"""
    worker = serve(printing(body))
    assert worker.predict({}).body == b"null"
    worker.drain()
    assert [line.text for line in worker.log()].count("child") == 20
    assert threading.active_count() < 50


def test_a_crash_in_c_leaves_its_stack_in_the_log(serve: Serve) -> None:
    worker = serve(printing("import ctypes\nctypes.string_at(0)"))
    worker.request({})
    assert worker.wait() < 0
    assert worker.log_line("Segmentation fault").stream == "stderr"
    worker.log_line("predictor.py")
