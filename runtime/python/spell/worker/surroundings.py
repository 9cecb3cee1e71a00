"""What every lane works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spell.worker.delivery import Delivery
    from spell.worker.job import Job
    from spell.worker.lazy_loop import LazyEventLoop
    from spell.worker.left_behind import BegunCounter
    from spell.worker.writer import FrameWriter


class Surroundings(NamedTuple):
    """The parts of a worker that its lanes share."""

    delivery: Delivery
    loops: LazyEventLoop
    waiting: dict[int, Job]
    """Requests that were put and have not begun, by id: whoever takes one out owns it and sees to its answer."""
    begun: BegunCounter
    writer: FrameWriter
