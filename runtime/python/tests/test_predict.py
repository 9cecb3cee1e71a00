"""What goes into `predict`, and what its result becomes (`spec/behaviour.md` §1)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Serve, requires

from spell.worker.frames import BODY_BYTES, BODY_JSON, BODY_TEXT

ECHO = """
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
"""


def returning(expression: str, imports: str = "") -> str:
    return f"""
{imports}
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def predict(self, payload):
        return {expression}
"""


@pytest.mark.parametrize(
    "payload", [{"a": [1, 2.5, None, True, "ü\u2028"]}, [], "", 0, None, False, [[["deep"]]], {"": ""}], ids=repr
)
def test_any_json_value_is_a_payload(serve: Serve, payload: Any) -> None:
    worker = serve(returning("[payload]"))
    assert worker.predict(payload).json == [payload]


def test_json_goes_out_compact_and_in_utf_8(serve: Serve) -> None:
    answer = serve(ECHO).predict({"größe": [1, 2]})
    assert (answer.status, answer.body_kind, answer.body) == (200, BODY_JSON, '{"größe":[1,2]}'.encode())


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the body is empty"),
        (b" \n", "the body is empty"),
        (b"{", "Expecting property name enclosed in double quotes at line 1, column 2"),
        (b'{"a": 1,\n "b": nul}', "Expecting value at line 2, column 7"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"\xff\xfe\xfd", "byte 2 is not UTF-16"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        (b"[" * 200_000, "it is nested too deeply"),
        (b"{} {}", "Extra data at line 1, column 4"),
        (b"a=1&b=2", "Expecting value at line 1, column 1"),
    ],
)
def test_what_is_not_json_is_refused_and_the_predictor_is_not_called(serve: Serve, body: bytes, says: str) -> None:
    worker = serve(returning("print('called')"))
    error = worker.refused(raw=body)
    assert error["code"] == "bad-json"
    assert says in error["message"]
    assert worker.begun() == 0
    worker.drain()
    assert worker.log() == []


def test_white_space_a_byte_order_mark_and_doubled_keys_are_fine(serve: Serve) -> None:
    worker = serve(ECHO)
    assert worker.predict(raw=b' {"a": 1}\r\n').json == {"a": 1}
    assert worker.predict(raw=b'\xef\xbb\xbf{"a": 1}').json == {"a": 1}
    assert worker.predict(raw=b'{"a": 1, "a": 2}').json == {"a": 2}


def test_a_large_payload_passes(serve: Serve) -> None:
    payload = ["x" * 1000] * 5000
    worker = serve(ECHO)
    _, body, end = worker.streamed(worker.request(payload))
    assert (json.loads(body), end) == (payload, 0)


@pytest.mark.parametrize(
    ("expression", "kind", "body"),
    [
        ("b'\\x00\\xff'", BODY_BYTES, b"\x00\xff"),
        ("bytearray(b'ab')", BODY_BYTES, b"ab"),
        ("'häßlich'", BODY_TEXT, "häßlich".encode()),
        ("3", BODY_TEXT, b"3"),
        ("2.5", BODY_TEXT, b"2.5"),
        ("True", BODY_TEXT, b"True"),
        ("uuid.UUID(int=5)", BODY_TEXT, b"00000000-0000-0000-0000-000000000005"),
        ("None", BODY_JSON, b"null"),
        ("(1, 2)", BODY_JSON, b"[1,2]"),
        ("{'id': uuid.UUID(int=5)}", BODY_JSON, b'{"id":"00000000-0000-0000-0000-000000000005"}'),
        ("collections.OrderedDict(a=1)", BODY_JSON, b'{"a":1}'),
        ("{1: 'one', None: 0, True: 1}", BODY_JSON, b'{"1":1,"null":0}'),
        ("{'lone': '\\ud800'}", BODY_JSON, b'{"lone":"\\ud800"}'),
    ],
)
def test_each_kind_of_result_has_its_form(serve: Serve, expression: str, kind: int, body: bytes) -> None:
    answer = serve(returning(expression, "import collections, uuid")).predict({})
    assert (answer.status, answer.body_kind, answer.body) == (200, kind, body)


@requires("numpy")
@pytest.mark.parametrize(
    ("expression", "kind", "body"),
    [
        ("np.float32(0.5)", BODY_TEXT, b"0.5"),
        ("np.int64(7)", BODY_TEXT, b"7"),
        ("np.arange(6).reshape(2, 3)", BODY_JSON, b"[[0,1,2],[3,4,5]]"),
        ("{'x': np.float32(0.5), 'y': [np.int64(1), np.bool_(True)]}", BODY_JSON, b'{"x":0.5,"y":[1,true]}'),
        ("{'a': np.array([1.5, 2.5])}", BODY_JSON, b'{"a":[1.5,2.5]}'),
        ("{np.int64(3): 'three'}", BODY_JSON, b'{"3":"three"}'),
    ],
)
def test_numpy_values_are_converted(serve: Serve, expression: str, kind: int, body: bytes) -> None:
    answer = serve(returning(expression, "import numpy as np")).predict({})
    assert (answer.body_kind, answer.body) == (kind, body)


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("{1, 2}", "a value of type set cannot be sent as JSON; allowed are dict, list,"),
        ("{'f': print}", "builtin_function_or_method"),
        ("object()", "type object"),
        ("(x for x in [1])", "type generator"),
        ("{'a': b'bytes'}", "type bytes"),
        ("[float('nan')]", "NaN or Infinity"),
        ("{'a': float('inf')}", "NaN or Infinity"),
        ("{(1, 2): 3}", "keys must be str"),
        ("(lambda a: a.append(a) or a)([])", "contains itself"),
    ],
)
def test_what_cannot_be_sent_is_an_error_that_says_why(serve: Serve, expression: str, says: str) -> None:
    worker = serve(returning(expression))
    error = worker.refused({})
    assert error["code"] == "bad-result"
    assert error["message"].startswith("predict returned what cannot be sent: ")
    assert says in error["message"]
    assert worker.log_line(says).level == "ERROR"


def test_an_exception_is_told_to_the_log_and_not_to_the_client(serve: Serve) -> None:
    worker = serve("""
        from spell.serving import BasePredictor

        def helper(secret):
            raise ValueError(f"bad {secret}")

        class Predictor(BasePredictor):
            def predict(self, payload):
                return helper(payload["secret"])
    """)
    error = worker.refused({"secret": "s3cret"}, request_id="req-9")
    assert error["code"] == "predictor-error"
    assert error["message"] == "predict raised ValueError; see the log for request req-9"
    trace = error["traceback"].splitlines()
    assert trace[0] == "Traceback (most recent call last):"
    assert trace[-1] == "ValueError: bad s3cret"
    assert "spell/worker" not in error["traceback"]
    line = worker.log_line("ValueError: bad s3cret")
    assert (line.request_id, line.level, line.stream) == ("req-9", "ERROR", "stderr")
    assert worker.predict is not None
    assert worker.refused({})["code"] == "predictor-error"


@pytest.mark.parametrize("exception", ["SystemExit(3)", "KeyboardInterrupt()", "RecursionError()"])
def test_whatever_predict_raises_the_worker_goes_on(serve: Serve, exception: str) -> None:
    worker = serve(f"""
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def predict(self, payload):
                if payload:
                    raise {exception}
                return "fine"
    """)
    assert worker.refused(True)["message"].startswith(f"predict raised {exception.partition('(')[0]};")
    assert worker.predict(False).text == "fine"


@pytest.mark.parametrize(
    "method",
    [
        "def predict(self, anything):",
        "def predict(self, request):",
        "def predict(self, payload=None):",
        "def predict(self, payload, threshold=0.5):",
        "def predict(self, payload, /):",
        "def predict(self, *, payload):",
        "def predict(self, *payloads):",
        "def predict(self, payload: dict):",
        "def predict(self, payload: 'Dict[str, Any]'):",
        "def predict(self, payload: 'NotThere'):",
        "@staticmethod\n    def predict(payload):",
        "@classmethod\n    def predict(cls, payload):",
        "@traced\n    def predict(self, payload):",
    ],
)
def test_the_payload_is_passed_whatever_the_parameter_is_called(serve: Serve, method: str) -> None:
    names = {"anything", "request", "payloads"}
    name = next((each for each in names if each in method), "payload")
    result = f"{name}[0]" if name == "payloads" else name
    worker = serve(f"""
from functools import wraps
from spell.serving import BasePredictor

def traced(method):
    @wraps(method)
    def wrapper(*args, **kwargs):
        return method(*args, **kwargs)
    return wrapper

class Predictor(BasePredictor):
    {method}
        return {{"got": {result}}}
""")
    assert worker.info["predict"] == {"async": False, "needsHead": False, "streamsBody": False}
    assert worker.predict({"x": 1}).json == {"got": {"x": 1}}


def test_calls_run_one_at_a_time_on_the_main_thread(serve: Serve) -> None:
    worker = serve("""
        import threading, time
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            running = 0

            def predict(self, payload):
                Predictor.running += 1
                time.sleep(0.002)
                now, Predictor.running = Predictor.running, Predictor.running - 1
                return {"running": now, "main": threading.current_thread() is threading.main_thread()}
    """)
    ids = [worker.request({}) for _ in range(20)]
    assert [worker.answer(id).json for id in ids] == [{"running": 1, "main": True}] * 20
    assert worker.begun() == 20


def test_a_quick_answer_does_not_wait_for_a_slow_request_behind_it(serve: Serve) -> None:
    worker = serve("""
        import time
        from spell.serving import BasePredictor

        class Predictor(BasePredictor):
            def predict(self, payload):
                time.sleep(payload)
                return payload
    """)
    quick, slow = worker.request(0), worker.request(30)
    assert worker.answer(quick).text == "0"
    worker.send(0x03, slow)


def test_nothing_but_the_standard_library_is_imported_for_a_json_predictor(serve: Serve) -> None:
    worker = serve(returning("sorted({name.partition('.')[0] for name in sys.modules})", "import sys"))
    packages = set(worker.predict({}).json)
    assert packages.isdisjoint({"starlette", "anyio", "prometheus_client", "numpy", "asyncio", "logging", "pydantic"})


def test_the_users_packages_win_over_the_shipped_ones(serve: Serve, project: Any) -> None:
    worker = serve(returning("sys.path", "import sys"))
    path = json.loads(worker.predict({}).body)
    assert path[0].endswith("runtime/python")
    assert path[1] == str(project)
    assert path[-1].endswith("vendor")
