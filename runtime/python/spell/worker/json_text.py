"""JSON as the endpoint means it: UTF-8, compact, and without NaN and Infinity, which are not JSON (RFC 8259)."""

from __future__ import annotations

import json
import json.encoder
import json.scanner
from typing import Any, Callable, NoReturn

from spell.worker.loaded import is_instance_of


class BadJson(ValueError):
    """A body that is not JSON. Its text says what is wrong, and where."""


class BadResult(TypeError):
    """A result that cannot be sent. Its text says what it is, and what is allowed."""


def _refuse_constant(constant: str) -> NoReturn:
    raise BadJson(f"{constant} is not JSON")


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)
_scan: Callable[[str, int], tuple[Any, int]] = vars(_decoder)["scan_once"]


def decode(body: bytes) -> Any:
    """Parses a request's body. Raises BadJson."""
    try:
        text = body.decode()
        # The scanner itself: it skips the search for white space around the document, which there rarely is.
        value, end = _scan(text, 0)
        if end == len(text):
            return value
    except (StopIteration, ValueError, RecursionError):
        pass
    return _decode_with_care(body)


def _decode_with_care(body: bytes) -> Any:
    if not body.strip():
        raise BadJson("the body is empty")
    try:
        return _decoder.decode(body.decode(json.detect_encoding(body)))
    except json.JSONDecodeError as error:
        raise BadJson(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except UnicodeDecodeError as error:
        raise BadJson(f"byte {error.start} is not {error.encoding.upper()}") from None
    except RecursionError:
        raise BadJson("it is nested too deeply") from None
    except BadJson:
        raise
    except ValueError as error:
        # Python refuses integers of thousands of digits.
        raise BadJson(str(error).partition(";")[0]) from None


def encode(value: Any) -> bytes:
    """Makes compact UTF-8 JSON; numpy's and UUID values inside are converted. Raises BadResult."""
    try:
        return "".join(_encode(value, 0)).encode()
    except UnicodeEncodeError:
        # A lone surrogate, which UTF-8 cannot hold but an escape can.
        return json.dumps(value, separators=(",", ":"), default=_convert).encode()
    except ValueError:
        raise BadResult("it contains NaN or Infinity, which JSON has not; send None instead") from None
    except RecursionError:
        raise BadResult("it contains itself, or is nested too deeply") from None
    except BadResult:
        raise
    except TypeError as error:
        return _encode_odd_keys(value, error)


def _encode_odd_keys(value: Any, error: TypeError) -> bytes:
    """Dictionaries with numpy's or UUID keys; json converts values but never keys."""
    converted = _with_plain_keys(value)
    try:
        return "".join(_encode(converted, 0)).encode()
    except TypeError:
        raise BadResult(str(error)) from None


def _with_plain_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain_key(key): _with_plain_keys(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_plain_keys(item) for item in value]
    return value


def _plain_key(key: Any) -> Any:
    if key is None or isinstance(key, (str, int, float)):
        return key
    try:
        return _convert(key)
    except BadResult:
        return key


def is_numpy_scalar(value: Any) -> bool:
    """numpy's own numbers, booleans and dates."""
    return is_instance_of(value, "numpy", "generic")


def is_numpy_array(value: Any) -> bool:
    """Of any shape and type."""
    return is_instance_of(value, "numpy", "ndarray")


def is_uuid(value: Any) -> bool:
    """The standard library's."""
    return is_instance_of(value, "uuid", "UUID")


def _convert(value: Any) -> Any:
    if is_numpy_array(value):
        return value.tolist()
    if is_numpy_scalar(value):
        plain = value.item()
        if plain is not value and not isinstance(plain, bytes):
            return plain
    if is_uuid(value):
        return str(value)
    raise BadResult(
        f"a value of type {_type_name(value)} cannot be sent as JSON; "
        "allowed are dict, list, tuple, str, int, float, bool, None, UUID, and numpy arrays and scalars"
    )


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _make_encoder() -> Callable[[Any, int], Any]:
    make = vars(json.encoder)["c_make_encoder"]
    if make is None:
        plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_convert)
        return lambda value, _level: (plain.encode(value),)
    # JSONEncoder makes one for every document. Without the table of what it is inside of, a value that contains
    # itself ends in a RecursionError.
    encode_text = json.encoder.encode_basestring
    encoder: Callable[[Any, int], Any] = make(None, _convert, encode_text, None, ":", ",", False, False, False)
    return encoder


_encode = _make_encoder()
