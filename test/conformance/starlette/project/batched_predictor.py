from answering import seen_by_endpoint
from endpoints import background
from spell.serving import BasePredictor
from starlette.background import BackgroundTasks
from starlette.requests import Request
from starlette.responses import JSONResponse


class Predictor(BasePredictor):
    async def prepare(self, request: Request, tasks: BackgroundTasks):
        if "x-gate" in request.headers:
            tasks.add_task(background.note, request.headers["x-gate"], "prepared")
        return await seen_by_endpoint(request)

    def predict(self, batch):
        return [JSONResponse(seen) for seen in batch]
