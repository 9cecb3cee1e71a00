"""The workload in MLServer."""

from __future__ import annotations

from mlserver import MLModel
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput
from workload import run


class Echo(MLModel):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        given = payload.inputs[0]
        output = ResponseOutput(name="id", shape=given.shape, datatype=given.datatype, data=given.data)
        return InferenceResponse(model_name=self.name, outputs=[output])


class Batches(Echo):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        run([int(one) for one in payload.inputs[0].data])
        return await super().predict(payload)
