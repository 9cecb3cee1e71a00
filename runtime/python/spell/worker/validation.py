"""Checks payloads against the annotation of the parameter that takes them.

Dataclasses (with the standard library alone) and pydantic models, also inside lists, dictionaries and unions. Any other
annotation is taken as documentation: `dict`, `list`, `Any` and `TypedDict` mean "the JSON payload" as it is.
Like pydantic's default, keys that a dataclass does not know are ignored.
"""

from __future__ import annotations

import enum
import inspect
import sys
import typing
from collections.abc import Iterable
from typing import Any, Callable

from spell.worker.annotations import Resolver, is_union
from spell.worker.scalar_checks import SCALARS, Convert, InvalidPayload, as_it_is, expected, member_of, none, one_of


def payload_validator(annotation: Any, resolver: Resolver) -> Callable[[Any], Any] | None:
    """What turns a parsed body into the annotated type; None where there is nothing to check."""
    if annotation is inspect.Parameter.empty or not _asks_for_checks(annotation, resolver):
        return None
    convert = _converter(annotation, resolver)
    return lambda payload: convert(payload, "")


def item_validator(annotation: Any, resolver: Resolver) -> Callable[[Any], Any] | None:
    """The same for one item of a batch, where `list[Item]` (or another collection of items) is annotated."""
    resolved = resolver.resolve(annotation)
    arguments = typing.get_args(resolved)
    kind = typing.get_origin(resolved)
    if len(arguments) != 1 or _collection(kind) is not list:
        return None
    return payload_validator(arguments[0], resolver)


def _asks_for_checks(annotation: Any, resolver: Resolver) -> bool:
    """Whether a dataclass or a model appears in it."""
    resolved = resolver.resolve(annotation)
    if _is_dataclass(resolved) or _is_model(resolved):
        return True
    if typing.get_origin(resolved) is typing.Literal:
        return False
    return any(
        _asks_for_checks(argument, resolver) for argument in typing.get_args(resolved) if argument is not Ellipsis
    )


def _is_dataclass(annotation: Any) -> bool:
    return isinstance(annotation, type) and hasattr(annotation, "__dataclass_fields__")


def _is_model(annotation: Any) -> bool:
    """Whether it is a pydantic model of any version, or one of its dataclasses; without importing pydantic."""
    if not isinstance(annotation, type):
        return False
    return any(hasattr(annotation, name) for name in ("__pydantic_validator__", "__pydantic_model__", "parse_obj"))


def _converter(annotation: Any, resolver: Resolver) -> Convert:
    resolved = resolver.resolve(annotation)
    if _is_model(resolved):
        return _model(resolved)
    if _is_dataclass(resolved):
        return _Dataclass(resolved)
    if is_union(resolved):
        return _union([_converter(part, resolver) for part in typing.get_args(resolved)])
    origin, arguments = typing.get_origin(resolved), typing.get_args(resolved)
    if origin is typing.Literal:
        return one_of(arguments)
    collection = _collection(origin or resolved)
    if collection is list:
        return _list(_converter(arguments[0], resolver) if arguments else as_it_is, origin or resolved)
    if collection is tuple:
        return _tuple(arguments, resolver)
    if collection is dict:
        return _dict(_converter(arguments[1], resolver) if len(arguments) == 2 else as_it_is)
    if isinstance(resolved, type) and issubclass(resolved, enum.Enum):
        return member_of(resolved)
    if hasattr(resolved, "__supertype__"):  # typing.NewType
        return _converter(resolved.__supertype__, resolver)
    return SCALARS.get(resolved, as_it_is) if resolved.__hash__ else as_it_is


def _collection(kind: Any) -> Any:
    if not isinstance(kind, type) or issubclass(kind, (str, bytes)):
        return None
    for collection in (dict, tuple):
        if issubclass(kind, collection):
            return None if hasattr(kind, "__total__") or hasattr(kind, "_fields") else collection
    abc = sys.modules["collections.abc"]
    if issubclass(dict, kind) and issubclass(kind, abc.Mapping):
        return dict
    if issubclass(kind, (list, set, frozenset)) or (issubclass(kind, abc.Iterable) and issubclass(list, kind)):
        return list
    return None


def _union(parts: list[Convert]) -> Convert:
    def convert(value: Any, path: str) -> Any:
        refusals: list[InvalidPayload] = []
        for part in parts:
            try:
                return part(value, path)
            except InvalidPayload as refusal:
                refusals.append(refusal)
        # With `Optional[X]` only what X said is worth telling.
        telling = [each for each, part in zip(refusals, parts) if part is not none] or refusals
        raise InvalidPayload(field for refusal in telling for field in refusal.fields)

    return convert


def _each(values: Iterable[tuple[str, Any, Convert]]) -> list[Any]:
    """Converts all, and raises what all of them have to say at once."""
    converted: list[Any] = []
    fields: list[tuple[str, str]] = []
    for path, value, convert in values:
        try:
            converted.append(convert(value, path))
        except InvalidPayload as refusal:
            fields += refusal.fields
    if fields:
        raise InvalidPayload(fields)
    return converted


def _list(item: Convert, kind: type) -> Convert:
    make = kind if kind in (set, frozenset) else list

    def convert(value: Any, path: str) -> Any:
        if not isinstance(value, list):
            raise expected(value, path, "an array")
        return make(_each((f"{path}[{index}]", each, item) for index, each in enumerate(value)))

    return convert


def _tuple(arguments: tuple[Any, ...], resolver: Resolver) -> Convert:
    if not arguments or arguments[-1] is Ellipsis:
        items = _list(_converter(arguments[0], resolver) if arguments else as_it_is, list)
        return lambda value, path: tuple(items(value, path))
    parts = [_converter(argument, resolver) for argument in arguments]

    def convert(value: Any, path: str) -> Any:
        if not isinstance(value, list) or len(value) != len(parts):
            raise expected(value, path, f"an array of {len(parts)}")
        return tuple(_each((f"{path}[{index}]", each, part) for index, (each, part) in enumerate(zip(value, parts))))

    return convert


def _dict(item: Convert) -> Convert:
    def convert(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise expected(value, path, "an object")
        return dict(zip(value, _each((_below(path, key), each, item) for key, each in value.items())))

    return convert


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


class _Dataclass:
    """Makes a dataclass of an object. Its fields' types are looked up at the first payload: all names are there."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        self._fields: dict[str, tuple[Convert, bool]] | None = None

    def __call__(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise expected(value, path, "an object")
        fields = self._fields = self._fields or self._read_fields()
        missing = [name for name, (_, needed) in fields.items() if needed and name not in value]
        present = [name for name in fields if name in value]
        refusals = [(_below(path, name), "is missing") for name in missing]
        try:
            values = _each((_below(path, name), value[name], fields[name][0]) for name in present)
        except InvalidPayload as refusal:
            raise InvalidPayload(refusals + refusal.fields) from None
        if refusals:
            raise InvalidPayload(refusals)
        try:
            return self._kind(**dict(zip(present, values)))
        except (TypeError, ValueError) as error:  # From its __post_init__.
            raise InvalidPayload([(path, str(error))]) from error

    def _read_fields(self) -> dict[str, tuple[Convert, bool]]:
        import dataclasses

        found: dict[str, tuple[Convert, bool]] = {}
        for name, field in self._kind.__dataclass_fields__.items():  # type: ignore[attr-defined]
            if not field.init or field._field_type is dataclasses._FIELD_CLASSVAR:  # type: ignore[attr-defined]
                continue
            annotation = field.type.type if isinstance(field.type, dataclasses.InitVar) else field.type
            needed = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            found[name] = (_converter(annotation, self._resolver_of(name)), needed)
        return found

    def _resolver_of(self, field: str) -> Resolver:
        """Text is evaluated where the class that declares the field stands: bases pass their field objects on."""
        ours = self._kind.__dataclass_fields__[field]  # type: ignore[attr-defined]
        bases = [cls for cls in self._kind.__mro__ if vars(cls).get("__dataclass_fields__", {}).get(field) is ours]
        return Resolver.of_class(bases[-1])


def _model(kind: Any) -> Convert:
    """pydantic's own validation: version 2, version 1, and the dataclasses of both."""
    if hasattr(kind, "model_validate"):
        validate = kind.model_validate
    elif hasattr(kind, "__pydantic_validator__"):
        validate = kind.__pydantic_validator__.validate_python
    elif hasattr(kind, "parse_obj"):
        validate = kind.parse_obj
    else:
        validate = _from_object(kind)

    def convert(value: Any, path: str) -> Any:
        try:
            return validate(value)
        except ValueError as error:
            errors = getattr(error, "errors", None)
            if not callable(errors):
                raise
            raise InvalidPayload((_path_of(path, each["loc"]), each["msg"]) for each in errors()) from None

    return convert


def _from_object(kind: Any) -> Callable[[Any], Any]:
    def make(value: Any) -> Any:
        if not isinstance(value, dict):
            raise expected(value, "", "an object")
        return kind(**value)

    return make


def _path_of(path: str, location: Iterable[str | int]) -> str:
    for part in location:
        if part == "__root__":
            continue
        path = f"{path}[{part}]" if isinstance(part, int) else _below(path, part)
    return path
