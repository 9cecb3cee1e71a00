"""/model and /mounts, really there (`namespace`) and by rewriting."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from conftest import Serve, requires, write
from worker_client import PACKAGE, PROGRAM, Failed

BOTH = pytest.mark.parametrize("paths", ["namespace", "rewrite"])

PREDICTOR = """
import ctypes, glob, io, mmap, os, pathlib, shutil, sqlite3
from spell.serving import BasePredictor

{setup}

class Predictor(BasePredictor):
    def __init__(self):
        self.loaded = {init}

    def predict(self, payload):
        {body}
"""


def predictor(body: str, setup: str = "", init: str = "None") -> str:
    return PREDICTOR.format(body="\n        ".join(body.strip().split("\n")), setup=setup, init=init)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """A model's folder and a mounts folder with two mounts, one of them a link to elsewhere, as the platform lays them."""
    write(tmp_path, "model/weights.txt", "weights")
    write(tmp_path, "model/sub/deep.txt", "deep")
    write(tmp_path, "mounts/vocab/words.txt", "words")
    write(tmp_path, "elsewhere/more.txt", "more")
    (tmp_path / "mounts" / "linked").symlink_to(tmp_path / "elsewhere")
    return {"modelFolder": str(tmp_path / "model"), "mountsFolder": str(tmp_path / "mounts")}


def answer(serve: Serve, source: str, paths: str, folders: dict[str, str]) -> Any:
    return serve(source, paths=paths, **folders).predict({}).json


@BOTH
def test_literals_work_unmodified(serve: Serve, folders: dict[str, str], paths: str) -> None:
    setup = "NAME = 'weights'\nMODULE_LEVEL = open('/model/weights.txt').read()"
    body = """
with open(b"/model/sub/deep.txt") as file:
    deep = file.read()
return [self.loaded, MODULE_LEVEL, deep, open(f"/model/{NAME}.txt").read(), open("/mounts/vocab/words.txt").read(),
        open("/mounts/linked/more.txt").read(), os.path.exists("/model/none.txt")]
"""
    source = predictor(body, setup, "open('/model/weights.txt').read()")
    assert answer(serve, source, paths, folders) == ["weights", "weights", "deep", "weights", "words", "more", False]


@BOTH
def test_paths_made_at_run_time_work_with_pythons_own_functions(
    serve: Serve, folders: dict[str, str], paths: str
) -> None:
    body = """
model = payload
p = pathlib.Path(model)
copied = shutil.copy(model + "/weights.txt", os.getcwd())
return [
    open(model + "/weights.txt").read(), io.open(model + "/weights.txt").read(), p.joinpath("weights.txt").read_text(),
    sorted(os.listdir(model)), sorted(entry.name for entry in os.scandir(model)), os.path.isdir(model + "/sub"),
    os.path.getsize(model + "/weights.txt"), (p / "sub").is_dir(), sorted(each.name for each in p.iterdir()),
    sorted(os.path.basename(each) for each in glob.glob(model + "/*.txt")), sorted(each.name for each in p.rglob("*.txt")),
    [sorted(files) for _, _, files in sorted(os.walk(model))], open(copied).read(), os.path.exists(model + "s"),
    os.access(model, os.R_OK), os.read(os.open(model + "/weights.txt", os.O_RDONLY), 100).decode(),
]
"""
    worker = serve(predictor(body), paths=paths, **folders)
    assert worker.predict("/model").json == [
        "weights",
        "weights",
        "weights",
        ["sub", "weights.txt"],
        ["sub", "weights.txt"],
        True,
        7,
        True,
        ["sub", "weights.txt"],
        ["weights.txt"],
        ["deep.txt", "weights.txt"],
        [["weights.txt"], ["deep.txt"]],
        "weights",
        False,
        True,
        "weights",
    ]


IN_C = """
libc = ctypes.CDLL(None, use_errno=True)
libc.fopen.restype = ctypes.c_void_p
database = sqlite3.connect("/model/data.db")
with open("/model/weights.txt", "rb") as file:
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)[:]
return [database.execute("select x from t").fetchall(), libc.fopen(b"/model/weights.txt", b"r") is not None, mapped.decode()]
"""


@BOTH
def test_libraries_that_open_files_in_c_find_literals(
    serve: Serve, folders: dict[str, str], tmp_path: Path, paths: str
) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "model" / "data.db") as database:
        database.executescript("create table t (x); insert into t values (42)")
    database.close()
    assert answer(serve, predictor(IN_C), paths, folders) == [[[42]], True, "weights"]


@requires("numpy")
@BOTH
def test_numpy_maps_a_file_of_the_model(serve: Serve, folders: dict[str, str], tmp_path: Path, paths: str) -> None:
    (tmp_path / "model" / "array.bin").write_bytes(bytes(range(10)))
    setup = "import numpy"
    source = predictor("return numpy.memmap('/model/array.bin', dtype='uint8', mode='r')", setup)
    assert answer(serve, source, paths, folders) == list(range(10))


def test_c_libraries_find_run_time_paths_in_a_namespace(serve: Serve, folders: dict[str, str]) -> None:
    source = predictor("return ctypes.CDLL(None).access(os.fsencode(payload + '/weights.txt'), 4)")
    assert serve(source, paths="namespace", **folders).predict("/model").text == "0"


@BOTH
@pytest.mark.parametrize(
    "writing",
    [
        "open(payload + '/weights.txt', 'w')",
        "open(payload + '/new.txt', 'x')",
        "os.remove(payload + '/weights.txt')",
        "os.mkdir(payload + '/new')",
        "os.rename(payload + '/weights.txt', payload + '/other.txt')",
        "pathlib.Path(payload, 'weights.txt').unlink()",
        "pathlib.Path(payload, 'weights.txt').write_text('x')",
        "open('/model/weights.txt', 'a')",
        "os.truncate('/model/weights.txt', 0)",
        "shutil.copy('predictor.py', '/model/predictor.py')",
        "open('/mounts/new', 'w')",
    ],
)
def test_model_and_mounts_cannot_be_written(
    serve: Serve, folders: dict[str, str], tmp_path: Path, paths: str, writing: str
) -> None:
    worker = serve(predictor(writing), paths=paths, **folders)
    error = worker.refused("/model")
    assert "Read-only file system" in error["traceback"]
    assert (tmp_path / "model" / "weights.txt").read_text() == "weights"
    assert sorted(os.listdir(tmp_path / "model")) == ["sub", "weights.txt"]


@BOTH
def test_without_mounts_and_model_the_places_are_empty(serve: Serve, paths: str) -> None:
    source = predictor(
        "return [os.path.exists('/model/weights.txt'), os.path.isdir('/mounts') and os.listdir('/mounts')]"
    )
    assert answer(serve, source, paths, {}) == [False, []]


def test_the_rest_of_the_machine_is_as_it_was(serve: Serve, folders: dict[str, str], tmp_path: Path) -> None:
    body = """
open(payload + "/written.txt", "w").write("yes")
tops = sorted(set(os.listdir("/")) - {"model", "mounts"})
mounted = sum(1 for line in open("/proc/self/mounts") if payload in line.split()[1])
try:
    open("/new-at-the-top", "w")
except OSError as error:
    refused = error.strerror
return [tops, mounted, refused, os.getcwd(), os.readlink("/bin") if os.path.islink("/bin") else "",
        open("/etc/hostname").read(), os.getuid(), os.path.exists("/proc/self/stat"), os.path.exists("/dev/null")]
"""
    tops = sorted(set(os.listdir("/")) - {"model", "mounts"})
    worker = serve(predictor(body), paths="namespace", **folders)
    link = os.readlink("/bin") if os.path.islink("/bin") else ""
    got = worker.predict(str(tmp_path)).json
    assert got == [
        tops,
        0,
        "Read-only file system",
        str(tmp_path / "project"),
        link,
        Path("/etc/hostname").read_text(),
        os.getuid(),
        True,
        True,
    ]
    assert (tmp_path / "written.txt").read_text() == "yes"


@BOTH
def test_nothing_appears_in_the_machines_own_root(serve: Serve, folders: dict[str, str], paths: str) -> None:
    before = sorted(os.listdir("/"))
    worker = serve(predictor("return 1"), paths=paths, **folders)
    assert sorted(os.listdir("/")) == before
    assert str(folders["modelFolder"]) not in Path("/proc/self/mounts").read_text()
    worker.drain()
    assert sorted(os.listdir("/")) == before


def test_a_mount_inside_of_the_model_is_read_only_too(tmp_path: Path, python: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    (tmp_path / "model" / "inner").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    script = f"""
import sys
sys.path.insert(0, {str(PROGRAM.parent.parent.parent)!r})
from spell.worker import mounts, namespace
mounts.unshare(mounts.CLONE_NEWNS)
mounts.mount(None, "/", None, mounts.MS_REC | mounts.MS_PRIVATE)
mounts.mount("inner", {str(tmp_path / "model" / "inner")!r}, "tmpfs", mounts.MS_NOEXEC)
print(namespace.enter_namespace({str(tmp_path / "empty")!r}, {str(tmp_path / "model")!r}, None))
open("/model/inner/x", "w")
"""
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "root\n", done.stderr
    assert "Read-only file system: '/model/inner/x'" in done.stderr


def test_a_namespace_that_cannot_be_made_is_a_start_failure(serve: Serve) -> None:
    with pytest.raises(Failed) as raised:
        serve(predictor("return 1"), paths="namespace", emptyFolder="/not/there")
    assert raised.value.message["code"] == "paths-failed"
    assert "/not/there" in raised.value.message["message"]


@pytest.mark.parametrize("user", [0, 65534])
def test_the_trial_says_whether_namespaces_work(tmp_path: Path, python: str, user: int) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become others")
    # The checkout, like the tests' own folder, may lie where only root can look.
    shared = Path(tempfile.mkdtemp(prefix="spell-trial-", dir="/tmp"))
    shared.chmod(0o755)
    try:
        shutil.copytree(PACKAGE / "spell", shared / "spell")
        empty = shared / "empty"
        empty.mkdir()
        os.chown(empty, user, user)
        program = shared / PROGRAM.relative_to(PACKAGE)
        command = ["/usr/bin/python3" if user else python, str(program), "trial", str(empty)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, user=user, group=user)
        assert json.loads(done.stdout) == {"works": True, "way": "user" if user else "root"}
        assert os.listdir(empty) == []
    finally:
        shutil.rmtree(shared)


def test_the_trial_says_why_namespaces_do_not_work(python: str) -> None:
    done = subprocess.run([python, str(PROGRAM), "trial", "/not/there"], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer["works"] is False
    assert "/not/there" in answer["reason"]


# Rewriting in particular.


def test_rewriting_spares_docstrings_patterns_lookalikes_and_other_peoples_modules(
    serve: Serve, project: Path, folders: dict[str, str], tmp_path: Path
) -> None:
    write(project, "lib/__init__.py", "PATH = '/model/a'")
    write(project, ".venv/lib/python3/site-packages/installed.py", "PATH = '/model/a'")
    body = """
'''/model/docstring of nothing: the first statement of a function is one'''
return [self.predict.__doc__, "/models/x", "/modelx", "x/model/y", b"/mounts" == os.fsencode("/mounts"), lib.PATH, installed.PATH,
        f"{'/model/inner'}", f"/model{'s'}", f"/mounts/{1}", "/model"]
"""
    setup = "import sys, lib\nsys.path.append('.venv/lib/python3/site-packages')\nimport installed"
    model, mounts = folders["modelFolder"], folders["mountsFolder"]
    assert answer(serve, predictor(body, setup), "rewrite", folders) == [
        "/model/docstring of nothing: the first statement of a function is one",
        "/models/x",
        "/modelx",
        "x/model/y",
        True,
        f"{model}/a",
        "/model/a",
        f"{model}/inner",
        "/models",
        f"{mounts}/1",
        model,
    ]


def test_rewriting_keeps_sources_lines_and_the_users_byte_code(
    serve: Serve, project: Path, folders: dict[str, str]
) -> None:
    write(project, "lib.py", "def load():\n    path = '/model/a'\n    raise ValueError(path)\n")
    stale = project / "__pycache__"
    stale.mkdir()
    body = "lines = inspect.getsource(lib.load).splitlines()\nif payload: lib.load()\nreturn lines"
    worker = serve(predictor(body, "import inspect, lib"), paths="rewrite", **folders)
    assert worker.predict(False).json[1] == "    path = '/model/a'"
    trace = worker.refused(True)["traceback"]
    assert 'lib.py", line 3, in load\n    raise ValueError(path)' in trace
    assert list(stale.iterdir()) == []


def test_rewriting_reports_syntax_errors_as_ever(serve: Serve, folders: dict[str, str]) -> None:
    with pytest.raises(Failed) as raised:
        serve("x = '/model/a'\ny = (\n", paths="rewrite", **folders)
    assert (raised.value.message["code"], raised.value.message["line"]) == ("syntax-error", 2)


def test_file_functions_keep_their_abilities(serve: Serve, folders: dict[str, str]) -> None:
    body = """
os.makedirs("a/b")
pathlib.Path("a/b/f").write_text("x")
shutil.copytree("a", "c", symlinks=True)
os.replace("c/b/f", "c/g")
descriptor = os.open(".", os.O_RDONLY)
there = os.path.exists(descriptor), os.stat("predictor.py", dir_fd=descriptor).st_size > 0, "c" in os.listdir(descriptor)
os.close(descriptor)
shutil.rmtree("a")
return [sorted(os.listdir("c")), os.path.exists("a"), list(there), os.stat in os.supports_follow_symlinks, os.stat(path=".").st_mode > 0]
"""
    worker = serve(predictor(body), paths="rewrite", **folders)
    assert worker.predict({}).json == [["b", "g"], False, [True, True, True], True, True]
