"""A JSON echo in FastAPI."""

from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.post("/predict")
async def predict(payload: dict[str, Any]) -> dict[str, Any]:
    return payload
