import asyncio

from spell.serving import BasePredictor


class Predictor(BasePredictor):
    def __init__(self):
        self.running = 0
        self.most = 0

    async def predict(self, payload):
        self.running += 1
        self.most = max(self.most, self.running)
        while self.most < payload["together"]:
            await asyncio.sleep(0.001)
        self.running -= 1
        return {"most": self.most}

    async def health(self, request):
        return {"path": request.url.path}
