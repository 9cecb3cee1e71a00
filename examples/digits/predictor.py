"""Reads handwritten digits: 8 x 8 grey values in, the digit and how sure the model is out."""

import joblib
import numpy as np
from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        self.model = joblib.load("/model/digits.joblib")

    def predict(self, payload):
        pixels = np.asarray(payload["pixels"], dtype=float).reshape(1, 64)
        chances = self.model.predict_proba(pixels)[0]
        digit = int(chances.argmax())
        return {"digit": digit, "probability": round(float(chances[digit]), 4)}
