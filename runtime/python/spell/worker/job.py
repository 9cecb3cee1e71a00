"""A request on its way through the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spell.worker.uploads import StreamedBody


class Job:
    """One REQUEST frame, decoded as far as its method needs it.

    What few methods need are defaults of the class: setting four attributes instead of seven is felt at 10⁵ a second.
    """

    head: bytes = b""
    """JSON of method, path and headers, where the method takes the whole request."""
    body: bytes = b""
    """The body as it came, where the method takes the whole request, or the batch may run again."""
    stream: StreamedBody | None = None
    """The body, where it is large and the method takes it as it comes."""
    tasks: Any = None
    """The BackgroundTasks that were passed to the method, where it asks for them."""

    alone: bool = False
    """Makes a batch of its own: it may have killed the worker that had it before, with others."""
    cancelled: bool = False
    """Its client went away after it was claimed."""
    answered: bool = False
    """Its answer is out; told only where something goes on after it."""

    waited_s: float = 0.0
    """How long it lay in this worker before `predict`, `prepare` apart. This and the next two go with the answer."""
    prepared_s: float = 0.0
    """How long `prepare` took."""
    predicted_s: float = 0.0
    """From the beginning of `predict`, or of the batch, to the result; 0 where it never began."""

    def __init__(self, id: int, ordinal: int, request_id: bytes, payload: Any, arrived_s: float = 0.0) -> None:
        self.id = id
        """Names it on the wire."""
        self.ordinal = ordinal
        """Its number among the predict requests; 0 for a health request."""
        self.request_id = request_id
        """Names it to people: `x-request-id`."""
        self.payload = payload
        """The parsed body, where the method takes a payload; what `prepare` made of it; a list of those for a batch."""
        self.arrived_s = arrived_s
        """When it was read from the socket, on the clock of `perf_counter`."""

    def begins(self, now_s: float) -> None:
        """`predict` is called for it, perhaps with others."""
        self.waited_s = now_s - self.arrived_s - self.prepared_s

    def ends(self, began_s: float, now_s: float) -> None:
        """Its result is there, or its error."""
        self.predicted_s = now_s - began_s
