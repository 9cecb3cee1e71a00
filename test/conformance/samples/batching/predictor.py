from starlette.responses import PlainTextResponse
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        ...

    def predict(self, payload):
        self.size = len(payload)
        return (self.do_predict(item) for item in payload)

    def do_predict(self, item):
        if item["want"] == "response":
            return PlainTextResponse("own", status_code=202)
        return {"type": type(item).__name__, "x": item["x"], "size": self.size}
