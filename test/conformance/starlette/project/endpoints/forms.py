"""Forms and uploads."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request


async def shown(value: Any) -> Any:
    if not isinstance(value, UploadFile):
        return value
    content = await value.read()
    return {
        "filename": value.filename,
        "type": value.content_type,
        "size": value.size,
        "content": content.decode("latin-1"),
    }


async def fields(request: Request) -> Any:
    form = await request.form()
    return {name: await shown(value) for name, value in form.items()}


async def items(request: Request) -> Any:
    form = await request.form()
    return [[name, await shown(value)] for name, value in form.multi_items()]


async def lists(request: Request) -> Any:
    form = await request.form()
    return {
        "all": [await shown(value) for value in form.getlist("tag")],
        "one": await shown(form["tag"]),
        "length": len(form),
    }


async def closed(request: Request) -> Any:
    async with request.form() as form:
        upload = form["file"]
        assert isinstance(upload, UploadFile)
        before = upload.file.closed
    return [before, upload.file.closed]


async def after_body(request: Request) -> Any:
    body = await request.body()
    return [len(body), await fields(request)]


async def same(request: Request) -> Any:
    return await request.form() is await request.form()


async def part_headers(request: Request) -> Any:
    upload = (await request.form())["file"]
    assert isinstance(upload, UploadFile)
    return [[name, value] for name, value in upload.headers.items()]


async def large(request: Request) -> Any:
    """More than a megabyte is kept on the disk."""
    upload = (await request.form())["file"]
    assert isinstance(upload, UploadFile)
    digest = hashlib.sha256()
    while piece := await upload.read(65536):
        digest.update(piece)
    await upload.seek(10)
    return [upload.size, digest.hexdigest(), (await upload.read(5)).decode()]


async def written(request: Request) -> Any:
    upload = (await request.form())["file"]
    assert isinstance(upload, UploadFile)
    await upload.read()
    await upload.write(b" and more")
    await upload.seek(0)
    return [(await upload.read()).decode(), upload.size]


async def few(request: Request) -> Any:
    form = await request.form(max_files=1, max_fields=2, max_part_size=16)
    return len(form)


async def kept(request: Request) -> Any:
    """What cannot join a batch: an open file."""
    return (await request.form())["file"]
