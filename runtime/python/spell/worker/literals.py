"""Leads literals of the project's own modules that begin with /model or /mounts to the real folders, on import.

Only the compiled code differs: files, line numbers, tracebacks and `inspect.getsource` stay as they are, and the
`.pyc` files beside the sources are neither read nor written.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType
from typing import Any

from spell.worker.path_map import PathMap


def install_literal_rewriting(root: str, paths: PathMap) -> None:
    """From now on, modules below `root` are imported with their literals rewritten."""
    sys.meta_path.insert(0, _Finder(root, paths))


class _Finder:
    def __init__(self, root: str, paths: PathMap) -> None:
        self._root = root + os.sep
        self._paths = paths

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader and self._is_ours(spec.origin):
            spec.loader = RewritingLoader(spec.loader.name, spec.loader.path, self._paths)
            return spec
        return None

    def _is_ours(self, file: str | None) -> bool:
        """Whether it is the project's; not what is installed in an environment inside of it."""
        if file is None or not file.startswith(self._root):
            return False
        return "site-packages" not in file[len(self._root) :].split(os.sep)


class RewritingLoader(SourceFileLoader):
    """Loads one module from its source."""

    def __init__(self, name: str, path: str, paths: PathMap) -> None:
        super().__init__(name, path)
        self._paths = paths

    def get_code(self, fullname: str) -> CodeType:
        """The module's code. Raises SyntaxError as Python's own loader does."""
        file = self.get_filename(fullname)
        tree = ast.parse(self.get_data(file), file)
        return compile(rewrite_literals(tree, self._paths), file, "exec", dont_inherit=True)


def rewrite_literals(tree: ast.Module, paths: PathMap) -> ast.Module:
    """Rewrites text, bytes and the first pieces of f-strings; not docstrings, and not patterns of `match`."""
    return _Rewriter(paths).visit(tree)  # type: ignore[no-any-return]


class _Rewriter(ast.NodeTransformer):
    def __init__(self, paths: PathMap) -> None:
        self._paths = paths

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str):
            node.value = self._paths.text(node.value)
        elif isinstance(node.value, bytes):
            node.value = self._paths.data(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        for place, value in enumerate(node.values):
            if place == 0 and isinstance(value, ast.Constant):
                self._rewrite_first_piece(value, alone=len(node.values) == 1)
            elif isinstance(value, ast.FormattedValue):
                self.generic_visit(value)
        return node

    def _rewrite_first_piece(self, piece: ast.Constant, *, alone: bool) -> None:
        # `f"/model{x}"` may go on as "/models": only a piece that ends the name decides.
        if alone or piece.value not in ("/model", "/mounts"):
            self.visit_Constant(piece)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.FormattedValue:
        return node

    def visit_MatchValue(self, node: ast.AST) -> ast.AST:
        return node

    def visit_MatchMapping(self, node: ast.AST) -> ast.AST:
        return node

    def _visit_body(self, node: Any) -> Any:
        docstring = ast.get_docstring(node, clean=False) is not None
        kept = node.body[:1] if docstring else []
        node.body = node.body[len(kept) :]
        self.generic_visit(node)
        node.body = kept + node.body
        return node

    def visit_Module(self, node: ast.Module) -> Any:
        return self._visit_body(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        return self._visit_body(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        return self._visit_body(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Any:
        return self._visit_body(node)
