"""The workload in MLServer."""

from __future__ import annotations

from mlserver import MLModel
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput
from workload import run


class Echo(MLModel):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        outputs = [
            ResponseOutput(name=given.name, shape=given.shape, datatype=given.datatype, data=given.data)
            for given in payload.inputs
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)


class Batches(Echo):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        ids = next(given.data for given in payload.inputs if given.name == "id")
        run([int(one) for one in ids])
        return await super().predict(payload)
