from spell.serving import BasePredictor
from starlette.exceptions import HTTPException
from starlette.responses import Response


class Predictor(BasePredictor):
    def __init__(self):
        self.mood = "well"

    def predict(self, payload):
        self.mood = payload["mood"]
        return self.mood

    def health(self):
        if self.mood == "raises":
            raise HTTPException(status_code=503, detail="not today")
        if self.mood == "non-2xx":
            return Response("no", status_code=500)
        return {"mood": self.mood}
