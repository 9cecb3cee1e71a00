"""A gateway for tests: starts the real worker process and speaks frames with it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import struct
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from spell.worker import frames, left_behind

PACKAGE = Path(__file__).parent.parent
PROGRAM = PACKAGE / "spell" / "worker" / "__main__.py"
VENDOR = PACKAGE.parent.parent / "dist" / "python" / "vendor"
PATIENCE_S = 20.0


class Frame(NamedTuple):
    kind: int
    id: int
    payload: bytes


class LogLine(NamedTuple):
    stream: str
    request_id: str
    level: str
    text: str


class Stages(NamedTuple):
    """What an answer says of a request's way through the worker, in seconds."""

    waited: float
    prepared: float
    predicted: float


class Answer(NamedTuple):
    """A RESPONSE, as a gateway would label it."""

    status: int
    body_kind: int
    headers: list[tuple[str, str]]
    body: bytes
    stages: Stages

    @property
    def json(self) -> Any:
        assert self.body_kind == frames.BODY_JSON
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


class Failed(Exception):
    """The worker sent FAILED."""

    def __init__(self, message: dict[str, Any]) -> None:
        super().__init__(message["message"])
        self.message = message


class WorkerClient:
    """One worker and the other end of its socket."""

    def __init__(self, python: str, start: dict[str, Any], env: dict[str, str] | None = None) -> None:
        self.python = python
        self._start = start
        self._frames: list[Frame] = []
        self._rest = b""
        self._log: list[LogLine] = []
        self._log_changed = threading.Condition()
        self._log_readers: list[threading.Thread] = []
        self._next_id = 0
        self.exit_status: int | None = None
        ours, theirs = socket.socketpair()
        self.channel = ours
        self._left = tempfile.TemporaryFile()
        self._left.write(bytes(left_behind.SIZE))
        self._left.flush()
        self.pid = self._spawn(theirs, {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **(env or {})})
        theirs.close()
        self.send(frames.START, 0, json.dumps(start).encode())

    def _spawn(self, theirs: socket.socket, env: dict[str, str]) -> int:
        pipes = {1: os.pipe(), 2: os.pipe()}
        nothing = os.open(os.devnull, os.O_RDONLY)
        wanted = {0: nothing, 1: pipes[1][1], 2: pipes[2][1], 3: theirs.fileno(), 4: self._left.fileno()}
        # Above all targets, so that none is overwritten before it is copied.
        high = {target: fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 20) for target, fd in wanted.items()}
        actions = [(os.POSIX_SPAWN_DUP2, fd, target) for target, fd in high.items()]
        pid = os.posix_spawn(self.python, [self.python, str(PROGRAM)], env, file_actions=actions)
        for fd in [*high.values(), nothing, pipes[1][1], pipes[2][1]]:
            os.close(fd)
        for name, (reading, _) in (("stdout", pipes[1]), ("stderr", pipes[2])):
            thread = threading.Thread(target=self._read_log, args=(name, reading), daemon=True)
            thread.start()
            self._log_readers.append(thread)
        return pid

    def _read_log(self, name: str, fd: int) -> None:
        with os.fdopen(fd, "rb") as pipe:
            for line in pipe:
                with self._log_changed:
                    self._log.extend(parse_log_lines(name, line.rstrip(b"\n")))
                    self._log_changed.notify_all()

    # Frames.

    def send(self, kind: int, id: int, payload: bytes = b"") -> None:
        self.channel.sendall(frames.frame(kind, id, payload))

    def receive(self, timeout_s: float = PATIENCE_S) -> Frame | None:
        """The next frame in the order in which they came; None at the end of the stream. Raises TimeoutError."""
        if self._frames:
            return self._frames.pop(0)
        deadline = time.monotonic() + timeout_s
        while True:
            if len(self._rest) >= 4:
                size = 4 + struct.unpack_from("<I", self._rest)[0]
                if len(self._rest) >= size:
                    _, kind, id = frames.HEADER.unpack_from(self._rest)
                    frame = Frame(kind, id, self._rest[frames.FRAME_HEADER_SIZE : size])
                    self._rest = self._rest[size:]
                    return frame
            if not select.select([self.channel], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"no frame within {timeout_s} s; the log: {self._log}")
            try:
                data = self.channel.recv(1 << 20)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self._rest += data

    def frame_of(self, id: int, timeout_s: float = PATIENCE_S) -> Frame:
        """The next frame for a request; others are kept."""
        others: list[Frame] = []
        try:
            while True:
                frame = self.receive(timeout_s)
                assert frame is not None, f"the worker ended; the log: {self._log}"
                if frame.id == id:
                    return frame
                others.append(frame)
        finally:
            self._frames = others + self._frames

    # The worker's life.

    def ready(self) -> dict[str, Any]:
        """Waits for READY. Raises Failed."""
        frame = self.receive()
        assert frame is not None, f"the worker ended; the log: {self._log}"
        message: dict[str, Any] = json.loads(frame.payload)
        if frame.kind == frames.FAILED:
            raise Failed(message)
        assert frame.kind == frames.READY
        self.info = message
        return message

    def drain(self) -> int:
        """Tells it to end, and waits for that."""
        self.send(frames.DRAIN, 0)
        return self.wait()

    def wait(self) -> int:
        """Its exit status, or minus the signal that ended it."""
        deadline = time.monotonic() + PATIENCE_S
        while self.exit_status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > deadline:
                raise TimeoutError("the worker does not end")
            else:
                time.sleep(0.002)
        return self.exit_status

    def close(self) -> None:
        """Vanishes, like a gateway that died, and waits for the worker to follow."""
        self.channel.close()
        try:
            self.wait()
        except TimeoutError:
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)
            self.wait()
            raise
        finally:
            self._left.close()

    # Requests.

    def request(
        self,
        body: Any = None,
        *,
        raw: bytes | None = None,
        head: dict[str, Any] | None = None,
        kind: int = frames.KIND_PREDICT,
        request_id: str = "r",
    ) -> int:
        """Sends a request with a JSON body (or `raw`), and returns its id."""
        self._next_id += 1
        self.send(frames.REQUEST, self._next_id, request_payload(body, raw, head, kind, request_id))
        return self._next_id

    def requests(self, *bodies: Any) -> None:
        """Sends several requests with JSON bodies in one write; nobody waits for their answers."""
        together = b""
        for body in bodies:
            self._next_id += 1
            payload = request_payload(body, None, None, frames.KIND_PREDICT, "r")
            together += frames.frame(frames.REQUEST, self._next_id, payload)
        self.channel.sendall(together)

    def answer(self, id: int) -> Answer:
        """The whole answer of a request."""
        frame = self.frame_of(id)
        assert frame.kind == frames.RESPONSE, (hex(frame.kind), frame.payload)
        return answer_of(frame)

    def streamed(self, id: int) -> tuple[Answer, bytes, int]:
        """A streamed answer: its head, its bytes, and what END said. Credit is given as bytes come."""
        head = self.frame_of(id)
        assert head.kind == frames.RESPONSE, head
        answer = answer_of(head)
        assert answer.body_kind == frames.BODY_HEAD | frames.BODY_MORE
        body = answer.body
        while True:
            frame = self.frame_of(id)
            if frame.kind == frames.END:
                return answer, body, frame.payload[0]
            assert frame.kind == frames.CHUNK
            body += frame.payload
            self.send(frames.CREDIT, id, struct.pack("<I", len(frame.payload)))

    def upload(self, *, head: dict[str, Any] | None = None) -> int:
        """Sends a request whose body will follow, and returns its id."""
        return self.request(raw=b"", head=head, kind=frames.KIND_PREDICT | frames.KIND_MORE)

    def error(self, id: int) -> dict[str, Any]:
        """The ERROR of a request."""
        frame = self.frame_of(id)
        assert frame.kind == frames.ERROR, (hex(frame.kind), frame.payload)
        message: dict[str, Any] = json.loads(frame.payload[12:])
        return message

    def predict(self, body: Any = None, **options: Any) -> Answer:
        """A request and its answer."""
        return self.answer(self.request(body, **options))

    def refused(self, body: Any = None, **options: Any) -> dict[str, Any]:
        """A request and its error."""
        return self.error(self.request(body, **options))

    def health(self, **options: Any) -> Answer:
        """Asks the health method."""
        return self.answer(self.request(raw=b"", kind=frames.KIND_HEALTH, head=head_of(method="GET"), **options))

    def begun(self) -> int:
        """What file descriptor 4 says."""
        return int.from_bytes(os.pread(self._left.fileno(), 8, 0), "little")

    def unsent(self) -> list[Frame]:
        """The frames that file descriptor 4 holds."""
        size = int.from_bytes(os.pread(self._left.fileno(), 4, 8), "little")
        rest, found = os.pread(self._left.fileno(), size, 12), []
        while rest:
            length, kind, id = frames.HEADER.unpack_from(rest)
            found.append(Frame(kind, id, rest[frames.FRAME_HEADER_SIZE : length + 4]))
            rest = rest[length + 4 :]
        return found

    # Logs.

    def log_line(self, text: str) -> LogLine:
        """Waits for a line that contains a text."""
        with self._log_changed:
            found = self._log_changed.wait_for(
                lambda: next((line for line in self._log if text in line.text), None), PATIENCE_S
            )
        assert found, f"no line with {text!r} in {self._log}"
        return found

    def log(self) -> list[LogLine]:
        """What was printed so far, each stream in its order; all of it when the worker has ended."""
        if self.exit_status is not None:
            for reader in self._log_readers:
                reader.join(PATIENCE_S)
        with self._log_changed:
            return list(self._log)


def request_payload(body: Any, raw: bytes | None, head: dict[str, Any] | None, kind: int, request_id: str) -> bytes:
    """The payload of a REQUEST frame."""
    name = request_id.encode()
    head_bytes = b"" if head is None else json.dumps(head).encode()
    content = json.dumps(body).encode() if raw is None else raw
    return bytes([kind, len(name)]) + name + struct.pack("<I", len(head_bytes)) + head_bytes + content


def answer_of(frame: Frame) -> Answer:
    """Reads a RESPONSE frame."""
    status, body_kind, *times = struct.unpack_from("<HBfff", frame.payload)
    stages = Stages(*times)
    if body_kind & 0x7F != frames.BODY_HEAD:
        return Answer(status, body_kind, [], frame.payload[15:], stages)
    size = struct.unpack_from("<I", frame.payload, 15)[0]
    headers = [(name, value) for name, value in json.loads(frame.payload[19 : 19 + size])]
    return Answer(status, body_kind, headers, frame.payload[19 + size :], stages)


def head_of(**parts: Any) -> dict[str, Any]:
    """A RequestHead."""
    return {
        "method": "POST",
        "scheme": "http",
        "httpVersion": "1.1",
        "rawPath": "/local/test/predict",
        "query": "",
        "headers": [["host", "127.0.0.1:8000"], ["content-type", "application/json"]],
        "client": ["127.0.0.1", 50000],
        "server": ["127.0.0.1", 8000],
        **parts,
    }


def parse_log_lines(stream: str, line: bytes) -> list[LogLine]:
    """As the gateway reads what a worker wrote up to a line feed: one line, or several that belong together."""
    text = line.decode("utf-8", "replace")
    if not text.startswith("\x1e"):
        return [LogLine(stream, "", "", text)]
    request_id, level, rest = text[1:].split("\x1f", 2)
    texts = rest[1:].split("\x1c") if rest.startswith("\x1c") else [rest]
    return [LogLine(stream, request_id, level, each) for each in texts]
