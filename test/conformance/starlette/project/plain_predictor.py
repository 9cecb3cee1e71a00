import asyncio

from answering import answer
from spell.serving import BasePredictor
from starlette.requests import Request
from starlette.responses import Response


class Predictor(BasePredictor):
    def predict(self, request: Request) -> Response:
        return asyncio.run(answer(request))
