from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        pass

    def predict(self, payload):
        pass
