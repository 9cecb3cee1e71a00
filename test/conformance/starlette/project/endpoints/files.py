"""Files as responses."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

FOLDER = Path(__file__).parent.parent / "files"
# Its time is part of the ETag.
os.utime(FOLDER / "letters.txt", (1_700_000_000, 1_700_000_000))


async def letters(request: Request) -> Response:
    return FileResponse(FOLDER / "letters.txt")


async def named(request: Request) -> Response:
    return FileResponse(FOLDER / "letters.txt", filename="café 1.txt", headers={"x-kind": "letters"}, status_code=201)


async def inline(request: Request) -> Response:
    return FileResponse(
        str(FOLDER / "letters.txt"), filename="letters.txt", media_type="text/x-own", content_disposition_type="inline"
    )


async def missing(request: Request) -> Response:
    return FileResponse(FOLDER / "nowhere.txt")
