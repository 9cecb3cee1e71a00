"""What a request knows of its own address."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import NoMatchFound


async def parts(request: Request) -> Any:
    url = request.url
    return {
        "text": str(url),
        "scheme": url.scheme,
        "netloc": url.netloc,
        "hostname": url.hostname,
        "port": url.port,
        "path": url.path,
        "query": url.query,
        "secure": url.is_secure,
    }


async def paths(request: Request) -> Any:
    return [request["path"], request["raw_path"].decode(), request["root_path"], request.path_params]


async def changed(request: Request) -> Any:
    url = request.url
    return [
        str(url.include_query_params(page=2)),
        str(url.remove_query_params("q")),
        str(url.replace(scheme="https", path="/other")),
    ]


async def base(request: Request) -> Any:
    return str(request.base_url)


async def named(request: Request) -> Any:
    try:
        request.url_for("nowhere")
    except NoMatchFound as error:
        missing = str(error)
    return [str(request.url_for("predict")), str(request.url_for("health")), missing]


async def query(request: Request) -> Any:
    params = request.query_params
    return {"items": params.multi_items(), "dict": dict(params), "q": params.getlist("q"), "text": str(params)}


async def raw_query(request: Request) -> Any:
    return request["query_string"].decode("latin-1")


async def own_socket(request: Request) -> Any:
    """Without a Host header the URL is that of the socket."""
    host, port = request["server"]
    return [str(request.url) == f"http://{host}:{port}{request['path']}", host]
