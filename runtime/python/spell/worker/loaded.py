"""Classes of packages that are never imported on a request's way."""

from __future__ import annotations

import sys
from typing import Any


def is_instance_of(value: Any, module: str, name: str) -> bool:
    """Whether a value is an instance of a class, without importing its module: who has such a value has done so.

    Another thread may be in the middle of importing it. The module is there then and the class is not yet, and nobody
    can have an instance.
    """
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(value, kind)
