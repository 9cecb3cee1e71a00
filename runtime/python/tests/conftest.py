from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from worker_client import VENDOR, WorkerClient

Serve = Callable[..., WorkerClient]

PYTHON = os.environ.get("SPELL_TEST_PYTHON", sys.executable)
"""The interpreter of the workers."""


@pytest.fixture
def python() -> str:
    return PYTHON


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root of a project without files."""
    root = tmp_path / "project"
    root.mkdir()
    return root


def write(root: Path, file: str, source: str) -> None:
    """Puts a source file into a project."""
    place = root / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(textwrap.dedent(source), encoding="utf-8")


@pytest.fixture
def start_worker(project: Path, tmp_path: Path) -> Iterator[Serve]:
    """Starts a worker for a predictor's source, without waiting for it."""
    assert VENDOR.is_dir(), "run `node scripts/vendor.ts` first"
    clients: list[WorkerClient] = []

    def start(source: str | None = None, *, env: dict[str, str] | None = None, **message: Any) -> WorkerClient:
        if source is not None:
            write(project, message.get("entrypoint", "predictor.py"), source)
        empty = tmp_path / "empty"
        empty.mkdir(exist_ok=True)
        default: dict[str, Any] = {
            "owner": "local",
            "server": "test",
            "revision": 1,
            "pod": "test-1",
            "worker": 0,
            "batchPrefix": "w0-",
            "root": str(project),
            "entrypoint": "predictor.py",
            "classname": None,
            "models": [],
            "modelFolder": None,
            "mountsFolder": None,
            "paths": "rewrite",
            "emptyFolder": str(empty),
            "config": None,
            "vendorFolder": str(VENDOR),
            "debug": False,
            "limits": {"hardTimeoutMs": 600_000, "healthTimeoutMs": 5_000},
        }
        client = WorkerClient(PYTHON, {**default, **message}, env)
        clients.append(client)
        return client

    yield start
    for client in clients:
        client.close()


@pytest.fixture
def serve(start_worker: Serve) -> Serve:
    """Starts a worker for a predictor's source, and waits until it is ready. Raises Failed."""

    def serve(source: str | None = None, **options: Any) -> WorkerClient:
        client = start_worker(source, **options)
        client.ready()
        return client

    return serve


def requires(module: str) -> pytest.MarkDecorator:
    """Skips where the workers' interpreter lacks a package."""
    has_it = subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0
    return pytest.mark.skipif(not has_it, reason=f"{PYTHON} has no {module}")
