"""Finds out what a parameter's annotation means, also when it is text (`from __future__ import annotations`) and when
it names something that was imported for type checkers only."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import linecache
import sys
import typing
from typing import Any, Callable

UNRESOLVED = object()
"""Stands for an annotation that nobody can evaluate."""

_NONE = type(None)
_INJECTABLE = ("starlette", "fastapi")


class Resolver:
    """Resolves annotations that were written in the body of the class `owner`: `scope` has its module's names, and
    `file` is where its imports stand."""

    def __init__(self, scope: dict[str, Any], file: str, owner: type) -> None:
        self._scope = scope
        self._file = file
        self._owner = owner

    @classmethod
    def of_method(cls, method: Any, owner: type) -> Resolver:
        """For the annotations of a method."""
        function = inspect.unwrap(method)
        code = getattr(function, "__code__", None)
        return cls(getattr(function, "__globals__", {}), code.co_filename if code else "", owner)

    @classmethod
    def of_class(cls, owner: type) -> Resolver:
        """For the annotations of a class's attributes."""
        module = sys.modules[owner.__module__]
        return cls(vars(module), getattr(module, "__file__", None) or "", owner)

    def members(self, annotation: Any) -> list[Any]:
        """The types that an annotation allows, but None: `Optional[Request]` gives `[Request]`.

        `Annotated` is looked through. What cannot be evaluated is UNRESOLVED; no annotation gives no members.
        """
        if annotation is inspect.Parameter.empty:
            return []
        resolved = self.resolve(annotation)
        if is_union(resolved):
            return [member for part in typing.get_args(resolved) for member in self.members(part)]
        return [] if resolved in (None, _NONE) else [resolved]

    def resolve(self, annotation: Any) -> Any:
        """The annotation itself: text evaluated, `Annotated` taken off."""
        if isinstance(annotation, typing.ForwardRef):
            return self.resolve(annotation.__forward_arg__)
        if isinstance(annotation, str):
            return self.resolve(self._evaluate(annotation))  # Quotes may stand inside of quotes.
        if hasattr(annotation, "__metadata__"):
            return self.resolve(annotation.__origin__)
        return annotation

    def _evaluate(self, text: str) -> Any:
        try:
            tree = _UnionsForOldPython().visit(ast.parse(text.strip(), mode="eval"))
            code = compile(ast.fix_missing_locations(tree), "<annotation>", "eval")
            return eval(code, self._scope, _Names(self._scope, self._file, self._owner))  # The author's own text.
        except Exception:
            return UNRESOLVED


class _Names(dict):  # type: ignore[type-arg]
    """Names as the class's body saw them, and after those the ones imported for type checkers."""

    def __init__(self, scope: dict[str, Any], file: str, owner: type) -> None:
        super().__init__({"__Union": typing.Union})
        self._scope = scope
        self._file = file
        self._owner = owner

    def __missing__(self, name: str) -> Any:
        for cls in self._owner.__mro__:
            if name in vars(cls) and cls is not object:
                return vars(cls)[name]
        if name in self._scope:
            raise KeyError(name)  # Python looks there itself.
        for written, attribute in _imports_for_type_checkers(self._file, name):
            module = importlib.util.resolve_name(written, self._scope.get("__package__"))
            # Its author kept it from being imported, for its costs perhaps; what could be injected is cheap and ours.
            if module in sys.modules or module.partition(".")[0] in _INJECTABLE:
                found = importlib.import_module(module)
                return found if attribute is None else getattr(found, attribute)
        raise KeyError(name)


def _imports_for_type_checkers(file: str, name: str) -> list[tuple[str, str | None]]:
    """The import under `if TYPE_CHECKING:` that would bind `name`, as module and attribute."""
    tree = ast.parse("".join(linecache.getlines(file)))
    guarded = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    for node in (inner for guard in guarded for statement in guard.body for inner in ast.walk(statement)):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return [("." * node.level + (node.module or ""), alias.name)]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if name == (alias.asname or alias.name.partition(".")[0]):
                    return [(alias.name if alias.asname else name, None)]
    return []


class _UnionsForOldPython(ast.NodeTransformer):
    """`A | B` as `Union[A, B]`, for interpreters before 3.10."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.BitOr):
            return node
        both = ast.Tuple([node.left, node.right], ast.Load())
        return ast.Subscript(ast.Name("__Union", ast.Load()), both, ast.Load())


def is_union(annotation: Any) -> bool:
    """Whether it is `Union[…]`, `Optional[…]` or `A | B`."""
    origin = typing.get_origin(annotation)
    if origin is typing.Union:
        return True
    return sys.version_info >= (3, 10) and origin is not None and origin.__name__ == "UnionType"


def is_request(annotation: Any) -> bool:
    """Whether it is Starlette's Request or derives from it (as FastAPI's does), without importing Starlette."""
    return _derives_from(annotation, "starlette.requests", "Request")


def is_background_tasks(annotation: Any) -> bool:
    """Whether it is Starlette's BackgroundTasks or derives from it, without importing Starlette."""
    return _derives_from(annotation, "starlette.background", "BackgroundTasks")


def _derives_from(annotation: Any, module: str, name: str) -> bool:
    return isinstance(annotation, type) and any(
        base.__name__ == name and base.__module__ == module for base in getattr(annotation, "__mro__", ())
    )


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """The signature, with annotations as they were written where they cannot be evaluated."""
    if sys.version_info >= (3, 14):
        import annotationlib

        return inspect.signature(function, annotation_format=annotationlib.Format.FORWARDREF)
    return inspect.signature(function)
