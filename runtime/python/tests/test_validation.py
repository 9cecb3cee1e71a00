"""Payloads are checked against a dataclass or a pydantic model, and a mismatch names its fields."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Serve, requires

DATACLASSES = """
from __future__ import annotations
import enum
from dataclasses import InitVar, dataclass, field
from typing import Any, ClassVar, Dict, List, Literal, NewType, Optional, Tuple, TypedDict, Union
from spell.serving import BasePredictor

class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"

Kelvin = NewType("Kelvin", float)

class Loose(TypedDict):
    anything: int

@dataclass
class Point:
    x: float
    y: float = 0.0

@dataclass
class Base:
    name: str

@dataclass
class Item(Base):
    points: List[Point]
    count: Optional[int] = None
    tags: Dict[str, int] = field(default_factory=dict)
    color: Color = Color.RED
    mode: Literal["fast", "slow"] = "fast"
    pair: Tuple[int, str] = (0, "")
    either: Union[int, Point] = 0
    temperature: Kelvin = Kelvin(0.0)
    loose: Loose = None
    anything: Any = None
    flag: bool = False
    constant: ClassVar[int] = 5
    derived: int = field(init=False, default=7)
    seed: InitVar[int] = 1

    def __post_init__(self, seed):
        if self.count is not None and self.count < 0:
            raise ValueError("count must not be negative")
        self.derived = seed

class Predictor(BasePredictor):
    def predict(self, payload: {annotation}):
        return repr(payload)
"""

GOOD: list[tuple[str, Any, str]] = [
    ("Item", {"name": "n", "points": [{"x": 1}]}, "points=[Point(x=1.0, y=0.0)]"),
    ("Item", {"name": "n", "points": [], "color": "blue", "mode": "slow"}, "color=<Color.BLUE: 'blue'>, mode='slow'"),
    (
        "Item",
        {"name": "n", "points": [], "pair": [3, "a"], "either": {"x": 2}},
        "pair=(3, 'a'), either=Point(x=2.0, y=0.0)",
    ),
    ("Item", {"name": "n", "points": [], "seed": 9, "unknown": 1}, "derived=9"),
    ("Item", {"name": "n", "points": [], "loose": {"anything": "text"}}, "loose={'anything': 'text'}"),
    ("Optional[Item]", None, "None"),
    ("List[Point]", [{"x": 1}, {"x": 2}], "[Point(x=1.0, y=0.0), Point(x=2.0, y=0.0)]"),
    ("Point | None", {"x": 1}, "Point(x=1.0, y=0.0)"),
    ("Dict[str, Any]", [1], "[1]"),
    ("Loose", {"anything": "text"}, "{'anything': 'text'}"),
    ("list", {"not": "a list"}, "{'not': 'a list'}"),
    ("Unknown", 5, "5"),
]


@pytest.mark.parametrize(("annotation", "payload", "shown"), GOOD, ids=lambda value: str(value)[:30])
def test_what_matches_is_converted(serve: Serve, annotation: str, payload: Any, shown: str) -> None:
    worker = serve(DATACLASSES.replace("{annotation}", annotation))
    assert shown in worker.predict(payload).text


BAD: list[tuple[str, Any, list[tuple[str, str]]]] = [
    ("Item", {}, [("name", "is missing"), ("points", "is missing")]),
    ("Item", [1], [("", "must be an object, not an array")]),
    (
        "Item",
        {"name": 5, "points": {}},
        [("name", "must be a string, not an integer"), ("points", "must be an array, not an object")],
    ),
    (
        "Item",
        {"name": "n", "points": [{"x": 1}, {"y": True}]},
        [("points[1].x", "is missing"), ("points[1].y", "must be a number, not a boolean")],
    ),
    ("Item", {"name": "n", "points": [], "count": 1.5}, [("count", "must be an integer, not a number")]),
    ("Item", {"name": "n", "points": [], "tags": {"a": "b"}}, [("tags.a", "must be an integer, not a string")]),
    ("Item", {"name": "n", "points": [], "color": "green"}, [("color", "must be one of 'red', 'blue'")]),
    ("Item", {"name": "n", "points": [], "mode": None}, [("mode", "must be one of 'fast', 'slow'")]),
    ("Item", {"name": "n", "points": [], "pair": [1]}, [("pair", "must be an array of 2, not an array")]),
    ("Item", {"name": "n", "points": [], "temperature": "hot"}, [("temperature", "must be a number, not a string")]),
    ("Item", {"name": "n", "points": [], "flag": 1}, [("flag", "must be a boolean, not an integer")]),
    ("Item", {"name": "n", "points": [], "count": -1}, [("", "count must not be negative")]),
    ("List[Point]", [{"x": 1}, {}], [("[1].x", "is missing")]),
]


@pytest.mark.parametrize(("annotation", "payload", "fields"), BAD, ids=lambda value: str(value)[:30])
def test_a_mismatch_names_every_field(
    serve: Serve, annotation: str, payload: Any, fields: list[tuple[str, str]]
) -> None:
    worker = serve(DATACLASSES.replace("{annotation}", annotation))
    error = worker.refused(payload)
    assert error["code"] == "invalid-payload"
    assert [(each["path"], each["message"]) for each in error["fields"]] == fields
    assert error["message"].startswith("the payload does not match: ")
    worker.drain()
    assert worker.log() == []


PYDANTIC = """
from typing import List
from {module} import BaseModel
from {module}.dataclasses import dataclass
from spell.serving import BasePredictor

class Point(BaseModel):
    x: float

class Item(BaseModel):
    name: str
    points: List[Point]

@dataclass
class Plain:
    size: int

class Predictor(BasePredictor):
    {kind} predict(self, payload: {annotation}):
        return repr(payload)
"""


@requires("pydantic")
@pytest.mark.parametrize("module", ["pydantic", "pydantic.v1"])
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_pydantic_models_validate(serve: Serve, module: str, kind: str) -> None:
    worker = serve(PYDANTIC.format(module=module, kind=kind, annotation="Item"))
    assert worker.predict({"name": "n", "points": [{"x": 1}]}).text == "Item(name='n', points=[Point(x=1.0)])"
    fields = worker.refused({"points": [{"x": "far"}]})["fields"]
    assert [each["path"] for each in fields] == ["name", "points[0].x"]
    assert all(each["message"] for each in fields)


@requires("pydantic")
@pytest.mark.parametrize("module", ["pydantic", "pydantic.v1"])
@pytest.mark.parametrize(
    ("annotation", "good", "bad", "path"),
    [("Plain", {"size": 3}, {"size": "x"}, "size"), ("List[Point]", [{"x": 1}], [{"x": 1}, {}], "[1].x")],
)
def test_pydantic_dataclasses_and_lists_validate(
    serve: Serve, module: str, annotation: str, good: Any, bad: Any, path: str
) -> None:
    worker = serve(PYDANTIC.format(module=module, kind="def", annotation=annotation))
    assert worker.predict(good).text in ("Plain(size=3)", "[Point(x=1.0)]")
    assert [each["path"] for each in worker.refused(bad)["fields"]] == [path]
