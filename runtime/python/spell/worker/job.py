"""A request on its way through the worker."""

from __future__ import annotations

from typing import Any


class Job:
    """One REQUEST frame, decoded as far as its method needs it."""

    __slots__ = ("body", "head", "id", "ordinal", "payload", "request_id", "tasks")

    def __init__(self, id: int, ordinal: int, request_id: bytes, payload: Any, head: bytes, body: bytes) -> None:
        self.id = id
        """Names it on the wire."""
        self.ordinal = ordinal
        """Its number among the predict requests; 0 for a health request."""
        self.request_id = request_id
        """Names it to people: `x-request-id`."""
        self.payload = payload
        """The parsed body, where the method takes a payload."""
        self.head = head
        """JSON of method, path and headers; empty where the method does not need them."""
        self.body = body
        """The body as it came, where the method takes the whole request."""
        self.tasks: Any = None
        """The BackgroundTasks that were passed to the method, where it asks for them."""
