"""What a predictor file imports.

    from spell.serving import BasePredictor

    class Predictor(BasePredictor):
        def predict(self, payload):
            return {"doubled": payload["value"] * 2}

Nothing outside the standard library is imported by it, and outside a model server (in your own tests) a predictor is
a plain class.
"""

from spell.serving import metrics
from spell.serving.decorators import with_background_tasks, with_full_request
from spell.serving.metrics import send_metric
from spell.serving.model_info import ModelInfo
from spell.serving.predictor import BasePredictor

__all__ = [
    "BasePredictor",
    "ModelInfo",
    "metrics",
    "send_metric",
    "with_background_tasks",
    "with_full_request",
]
