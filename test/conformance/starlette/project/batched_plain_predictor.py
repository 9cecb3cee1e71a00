import asyncio

from answering import seen_by_endpoint
from spell.serving import BasePredictor
from starlette.requests import Request
from starlette.responses import JSONResponse


class Predictor(BasePredictor):
    def prepare(self, request: Request):
        return asyncio.run(seen_by_endpoint(request))

    async def predict(self, batch):
        return [JSONResponse(seen) for seen in batch]
