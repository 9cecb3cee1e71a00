"""The endpoints under plain Starlette and uvicorn: what our own answers are held against.

Says its port on stdout, and ends when its stdin closes.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import uvicorn
from answering import answer
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send


def application(name: str) -> Starlette:
    """One endpoint, with the paths of a model server. It is async also where ours is plain: under uvicorn a plain one
    cannot reach a body that has not come yet."""
    return Starlette(
        routes=[
            Route(f"/local/{name}/predict", answer, methods=["POST"], name="predict"),
            Route(f"/local/{name}/health", answer, methods=["GET", "POST"], name="health"),
        ]
    )


APPLICATIONS = {name: application(name) for name in sys.argv[1:]}


async def by_name(scope: Scope, receive: Receive, send: Send) -> None:
    await APPLICATIONS[scope["path"].split("/")[2]](scope, receive, send)


async def main() -> None:
    server = uvicorn.Server(uvicorn.Config(by_name, port=0, lifespan="off", log_level="critical", server_header=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.force_exit = server.should_exit = True
    with suppress(asyncio.CancelledError):
        await serving


asyncio.run(main())
