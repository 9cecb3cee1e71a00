from spell.serving import BasePredictor
from starlette.requests import Request


class Predictor(BasePredictor):
    def __init__(self):
        pass

    async def predict(self, payload: Request):
        body = await payload.body()
        return {"type": payload.headers["content-type"], "size": len(body), "query": payload.query_params["q"]}

    def health(self, request: Request):
        return {"path": request.url.path}
