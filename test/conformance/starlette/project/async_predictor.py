from answering import answer
from spell.serving import BasePredictor
from starlette.requests import Request
from starlette.responses import Response


class Predictor(BasePredictor):
    async def predict(self, request: Request) -> Response:
        return await answer(request)

    async def health(self, request: Request):
        return await answer(request) if "x-endpoint" in request.headers else "healthy"
