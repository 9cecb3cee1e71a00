"""The event loop, made when something first needs it: most predictors never do, and asyncio takes 40 ms to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spell.worker.event_loop import EventLoop


class LazyEventLoop:
    """Makes and starts one loop at most."""

    def __init__(self) -> None:
        self.existing: EventLoop | None = None

    def __call__(self) -> EventLoop:
        """The loop, running."""
        loop = self.make()
        loop.start()
        return loop

    def make(self) -> EventLoop:
        """The loop; its thread may not have been started yet."""
        if self.existing is None:
            from spell.worker.event_loop import EventLoop

            self.existing = EventLoop()
        return self.existing
