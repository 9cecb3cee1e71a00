from starlette.background import BackgroundTasks
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        self.seen = []

    def prepare(self, payload, request: Request, tasks: BackgroundTasks):
        if not self.validate_payload(payload):
            return PlainTextResponse("Bad data sent!", status_code=400)
        tasks.add_task(self.seen.append, payload["x"])
        return self.extract_data_from_payload(payload, request)

    def predict(self, payload):
        data = self.transform(payload)
        return self.do_predict(data)

    def validate_payload(self, payload):
        return "x" in payload

    def extract_data_from_payload(self, payload, request):
        return {"x": payload["x"], "method": request.method, "agent": request.headers["x-agent"]}

    def transform(self, payload):
        return [{**item, "doubled": 2 * item["x"]} for item in payload]

    def do_predict(self, data):
        return [{**item, "size": len(data), "seen": sorted(self.seen)} for item in data]
