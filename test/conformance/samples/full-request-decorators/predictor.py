from spell.serving import BasePredictor, with_full_request


class Predictor(BasePredictor):
    def __init__(self):
        pass

    @with_full_request(name="payload")
    def predict(self, payload):
        return {"method": payload.method, "agent": payload.headers["x-agent"]}

    @with_full_request()
    def health(self, request):
        return {"path": request.url.path}
