/** A predictor without faults, for pages whose examples are about something else. */
export const plainPredictor = `from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def predict(self, payload):
        return payload
`;
