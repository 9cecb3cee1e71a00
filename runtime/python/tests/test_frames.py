"""The wire's two tables are one."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from spell.worker import frames, left_behind
from spell.worker.left_behind import LeftBehind
from spell.worker.reader import FrameReader
from spell.worker.writer import FrameWriter

TYPESCRIPT = Path(__file__).parent.parent.parent / "serving" / "wire" / "frames.ts"


def test_the_frame_types_are_those_of_the_gateway() -> None:
    text = TYPESCRIPT.read_text(encoding="utf-8")
    table = text[text.index("frameType = {") : text.index("} as const")]
    theirs = {name: int(value, 16) for name, value in re.findall(r"^ {2}(\w+): (0x[0-9a-f]+),$", table, re.MULTILINE)}
    assert theirs
    assert {name: getattr(frames, name.upper()) for name in theirs} == theirs
    assert re.findall(r"leftBehindSize = (\d+) \* 1024;", text) == [str(left_behind.SIZE // 1024)]


def test_the_body_kinds_and_sizes_are_those_of_the_gateway() -> None:
    text = TYPESCRIPT.read_text(encoding="utf-8")
    kinds = re.search(r"bodyKind = \{(.*?)\}", text)
    assert kinds is not None
    for name, value in re.findall(r"(\w+): (\w+)", kinds[1]):
        assert getattr(frames, f"BODY_{name.upper()}") == int(value, 0)
    assert f"frameHeaderSize = {frames.FRAME_HEADER_SIZE}" in text
    assert f"streamWindowBytes = {frames.STREAM_WINDOW_BYTES // 1024} * 1024" in text


def test_frames_arrive_whole_however_they_are_cut() -> None:
    ours, theirs = socket.socketpair()
    sent = [(frames.PING, 7, b""), (frames.START, 0, b"x" * 700_000), (frames.CANCEL, 9, b"abc")]
    stream = b"".join(frames.frame(*each) for each in sent)
    reader = FrameReader(theirs)
    got: list[tuple[int, int, bytes]] = []
    for begin in range(0, len(stream), 70_001):
        ours.sendall(stream[begin : begin + 70_001])
        received = reader.receive()
        assert received is not None
        got += [(kind, id, payload) for kind, id, payload in received]
    ours.close()
    while (received := reader.receive()) is not None:
        got += [(kind, id, payload) for kind, id, payload in received]
    theirs.close()
    assert got == sent


def test_what_is_appended_leaves_in_one_piece_and_in_order() -> None:
    ours, theirs = socket.socketpair()
    writer = FrameWriter(ours, LeftBehind())
    for number in range(3):
        writer.append(frames.frame(frames.PONG, number))
    theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        theirs.recv(1)
    writer.flush()
    assert theirs.recv(1000) == b"".join(frames.frame(frames.PONG, number) for number in range(3))
    ours.close()
    theirs.close()
