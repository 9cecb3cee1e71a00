import os

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        self.seen = 0

    def predict(self, payload):
        self.seen += 1
        print("seen", self.seen)
        return {"pid": os.getpid(), "seen": self.seen}
