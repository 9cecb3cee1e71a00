"""The peers in Python: the same JSON echo as an application of Starlette and of FastAPI, for uvicorn."""

from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def echo(request: Request) -> JSONResponse:
    return JSONResponse(await request.json())


starlette = Starlette(routes=[Route("/predict", echo, methods=["POST"])])

fastapi = FastAPI()


@fastapi.post("/predict")
async def predict(payload: dict[str, Any]) -> dict[str, Any]:
    return payload
