"""The user's file is loaded as its project would load it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Serve, write

PREDICTOR = """
import os
from spell.serving import BasePredictor
{imports}

class Predictor(BasePredictor):
    def predict(self, payload):
        return {expression}
"""


def predictor(expression: str, imports: str = "") -> str:
    return PREDICTOR.format(expression=expression, imports=imports)


def test_sibling_modules_and_packages_are_there_and_the_root_is_the_working_directory(
    serve: Serve, project: Path
) -> None:
    write(project, "helper.py", "VALUE = 1")
    write(project, "lib/__init__.py", "from .part import VALUE")
    write(project, "lib/part.py", "VALUE = 2")
    (project / "data.txt").write_text("3")
    worker = serve(predictor("[helper.VALUE, lib.VALUE, open('data.txt').read(), os.getcwd()]", "import helper, lib"))
    assert worker.predict({}).json == [1, 2, "3", str(project)]


def test_an_entrypoint_inside_of_a_package_may_import_relatively(serve: Serve, project: Path) -> None:
    write(project, "app/__init__.py", "")
    write(project, "app/serve/__init__.py", "")
    write(project, "app/weights.py", "VALUE = 4")
    source = predictor("[VALUE, __name__, __package__]", "from ..weights import VALUE")
    worker = serve(source, entrypoint="app/serve/predictor.py")
    assert worker.predict({}).json == [4, "app.serve.predictor", "app.serve"]


def test_an_entrypoint_in_a_plain_folder_imports_what_lies_beside_it_and_in_the_root(
    serve: Serve, project: Path
) -> None:
    write(project, "serving/beside.py", "VALUE = 5")
    write(project, "common.py", "VALUE = 6")
    source = predictor("[beside.VALUE, common.VALUE]", "import beside, common")
    assert serve(source, entrypoint="serving/predictor.py").predict({}).json == [5, 6]


@pytest.mark.parametrize("name", ["my-predictor.py", "predictor.v2.py", "json.py", "spell.py", "Größe.py"])
def test_a_file_may_be_called_anything(serve: Serve, name: str) -> None:
    assert serve(predictor("'here'"), entrypoint=name).predict({}).text == "here"


def test_the_class_can_be_pickled_and_its_source_be_read(serve: Serve) -> None:
    expression = (
        "[pickle.loads(pickle.dumps(self)).__class__ is Predictor, 'def predict' in inspect.getsource(Predictor)]"
    )
    assert serve(predictor(expression, "import inspect, pickle")).predict({}).json == [True, True]


def test_the_environment_is_what_was_given(serve: Serve) -> None:
    worker = serve(
        predictor("[os.environ['GREETING'], 'SHELL' in os.environ]", "os.environ['GREETING']"), env={"GREETING": "hi"}
    )
    assert worker.predict({}).json == ["hi", False]


def test_the_config_arrives_as_arguments_of_init(serve: Serve) -> None:
    source = """
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def __init__(self, use_feature_x, additional_info=None, *, limit=3, **rest):
        self.all = [use_feature_x, additional_info, limit, rest]

    def predict(self, payload):
        return self.all
"""
    config = {"use_feature_x": True, "additional_info": {"output_type": "bytes"}, "extra": 1}
    assert serve(source, config=config).predict({}).json == [True, {"output_type": "bytes"}, 3, {"extra": 1}]
    assert serve(predictor("'no config'"), config={}).predict({}).text == "no config"


MODEL_INFO = """
from spell.serving import BasePredictor

class Predictor(BasePredictor):
    def __init__(self):
        self.seen = self.model_info

    def predict(self, payload):
        if self.seen is None:
            return None
        infos = self.seen if isinstance(self.seen, list) else [self.seen]
        return [type(self.seen).__name__, [[*each, each.name, each.version, open(each.path() + "/f").read()] for each in infos]]
"""


def test_model_info_is_there_inside_of_init(serve: Serve, tmp_path: Path) -> None:
    write(tmp_path, "m/f", "weights")
    for paths, folder in (("rewrite", str(tmp_path / "m")), ("namespace", "/model")):
        models = [{"name": "cifar", "version": "v3", "folder": folder}]
        worker = serve(MODEL_INFO, models=models, modelFolder=str(tmp_path / "m"), paths=paths)
        assert worker.predict({}).json == ["ModelInfo", [["cifar", "v3", "cifar", "v3", "weights"]]]


def test_several_models_are_a_list_each_with_its_folder(serve: Serve, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path, f"models/{name}/f", f"weights of {name}")
    for paths, folder in (("rewrite", str(tmp_path / "models")), ("namespace", "/model")):
        models = [{"name": name, "version": "v1", "folder": f"{folder}/{name}"} for name in ("a", "b")]
        worker = serve(MODEL_INFO, models=models, modelFolder=str(tmp_path / "models"), paths=paths)
        assert worker.predict({}).json == [
            "list",
            [["a", "v1", "a", "v1", "weights of a"], ["b", "v1", "b", "v1", "weights of b"]],
        ]


def test_without_a_model_there_is_no_model_info(serve: Serve) -> None:
    assert serve(MODEL_INFO).predict({}).json is None
