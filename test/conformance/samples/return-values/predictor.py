from spell.serving import BasePredictor
from starlette.responses import HTMLResponse, JSONResponse


class Predictor(BasePredictor):
    def __init__(self):
        self.answers = {
            "dict": {"a": 1},
            "bytes": b"\x00\x01\x02",
            "str": "plain",
            "response": JSONResponse({"teapot": True}, status_code=418, headers={"x-tea": "green"}),
            "html": HTMLResponse("<p>hi</p>"),
        }

    def predict(self, payload):
        return self.answers[payload["want"]]
