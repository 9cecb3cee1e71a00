"""Which literals are rewritten, seen on the syntax tree."""

from __future__ import annotations

import ast
import sys

import pytest

from spell.worker.literals import rewrite_literals
from spell.worker.path_map import PathMap

PATHS = PathMap("/real/m", "/real/x", "/empty")


def rewritten(source: str) -> str:
    return ast.unparse(rewrite_literals(ast.parse(source), PATHS))


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("x = '/model'", "x = '/real/m'"),
        ("x = '/model/a b'", "x = '/real/m/a b'"),
        ("x = '/mounts/v'", "x = '/real/x/v'"),
        ("x = b'/model/a'", "x = b'/real/m/a'"),
        ("x = '/mod' '/model'", "x = '/mod/model'"),
        ("x = '/model' '/a'", "x = '/real/m/a'"),
        ("f(p='/model', **{'/model': 1})", "f(p='/real/m', **{'/real/m': 1})"),
        ("x = '/models'", "x = '/models'"),
        ("x = ' /model'", "x = ' /model'"),
        ("def f(p='/model/a'):\n    return p", "def f(p='/real/m/a'):\n    return p"),
    ],
)
def test_literals(source: str, result: str) -> None:
    assert rewritten(source) == result


@pytest.mark.parametrize(
    "source",
    [
        '"""/model/doc"""',
        'class A:\n    """/model/doc"""',
        'async def f():\n    """/model/doc"""',
        "def f():\n    '/model/doc'\n    return 1",
    ],
)
def test_docstrings_stay(source: str) -> None:
    tree = ast.parse(source)
    before = ast.unparse(tree)
    assert rewritten(source) == before


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 has no match")
def test_patterns_stay_and_their_bodies_do_not() -> None:
    source = """
match path:
    case '/model' | ['/model/a'] | {'/model/b': c} if c == '/model/c':
        x = '/model/d'
"""
    tree = rewrite_literals(ast.parse(source), PATHS)
    text = ast.unparse(tree)
    assert "case '/model' | ['/model/a'] | {'/model/b': c} if c == '/real/m/c'" in text
    assert "x = '/real/m/d'" in text


def test_every_node_keeps_its_place() -> None:
    source = "x = 1\ny = (\n    '/model/a',\n    f'/model/{x}/b')\n"
    tree = rewrite_literals(ast.parse(source), PATHS)
    places = [
        (node.lineno, node.col_offset) for node in ast.walk(tree) if isinstance(node, (ast.Constant, ast.JoinedStr))
    ]
    assert (3, 4) in places
    compile(tree, "x", "exec")
