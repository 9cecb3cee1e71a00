from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self, use_feature_x, additional_info=None):
        self.use_feature_x = use_feature_x  # True
        self.additional_info = additional_info or {}
        # {"output_type": "bytes"}

    def predict(self, payload):
        return {"use_feature_x": self.use_feature_x, "additional_info": self.additional_info}
