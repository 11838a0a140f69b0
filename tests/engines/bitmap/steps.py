"""Work in steps, done in one go."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

_Result = TypeVar("_Result")


def ended(steps: Generator[None, None, _Result]) -> _Result:
    """What the steps come to."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            found: _Result = stop.value
            return found
