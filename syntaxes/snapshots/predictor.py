from starlette import requests
from starlette.background import BackgroundTasks
from starlette.requests import Request
import spell.serving as s
from spell.serving import BasePredictor, send_metric, with_background_tasks


def predict(nothing):
    """with_full_request, BasePredictor, predict: only words here."""
    # BasePredictor, self.model_info


class Predictor(Mixin, BasePredictor):
    request: Request

    def __init__(self, threshold=0.5):
        self.name = self.model_info.name
        self.predict_later = "self.model_info"

    @s.with_full_request(name="raw")
    @with_background_tasks()
    async def prepare(self, payload, raw, tasks: BackgroundTasks = None):
        return payload

    def predict(self, payload: Request, other: requests.Request, third: Optional[Request] = None) -> dict:
        send_metric("size", len(payload))
        return {"request": Request, "predict": self.predict}

    def health(self):
        return "ok"


class Other(s.BasePredictor):
    pass
