"""Turns what a method returned into the bytes of its answer, by the table in `spec/behaviour.md` §1."""

from __future__ import annotations

from typing import Any

from spell.worker.frames import BODY_BYTES, BODY_JSON, BODY_TEXT
from spell.worker.json_text import encode, is_numpy_scalar, is_uuid
from spell.worker.loaded import is_instance_of

JSON_TYPES = frozenset({dict, list, tuple, type(None)})
"""Types whose values are always answered as JSON."""


def plain_answer(result: Any) -> tuple[bytes, int]:
    """Body and kind (one of the frames' BODY constants) of a result that is no Starlette response. Raises BadResult."""
    if type(result) in JSON_TYPES:
        return encode(result), BODY_JSON
    if isinstance(result, str):
        return result.encode("utf-8", "replace"), BODY_TEXT
    if isinstance(result, (bytes, bytearray, memoryview)):
        return bytes(result), BODY_BYTES
    if isinstance(result, (int, float)) or is_numpy_scalar(result) or is_uuid(result):
        return str(result).encode(), BODY_TEXT
    return encode(result), BODY_JSON


def is_starlette_response(result: Any) -> bool:
    """Whether it carries its own status and headers."""
    return is_instance_of(result, "starlette.responses", "Response")
