"""Estimates what a query costs from the earlier ones of its caller, so that a heavy one is refused before it runs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from letrics.api.turns import Caller

Shape = tuple[str, frozenset[tuple[str, int]]]
"""The path of a query, and its fields with the size class of each (the number of values, in powers of two)."""

MAX_SHAPES: Final = 4096
"""The number of shapes that are remembered, each about 300 bytes. The least recently used ones are forgotten."""
WEIGHT: Final = 0.3
"""The weight of the latest cost in an estimate (exponential moving average)."""


def shape_of(route: str, given: Mapping[str, object]) -> Shape:
    """The shape of the fields of a request."""
    sizes = [(name, len(value).bit_length() if isinstance(value, list) else 0) for name, value in given.items()]
    return (route, frozenset(sizes))


class CostEstimates:
    """Estimates by caller and shape, in seconds of processor time. Callers do not affect each other's estimates."""

    def __init__(self) -> None:
        self._seconds: OrderedDict[tuple[Caller, Shape], float] = OrderedDict()

    def of(self, caller: Caller, shape: Shape) -> float:
        """The estimate; 0 for a query of a shape that the caller has not used lately."""
        return self._seconds.get((caller, shape), 0.0)

    def learn(self, caller: Caller, shape: Shape, seconds: float) -> None:
        """A query of this shape took this time."""
        key = (caller, shape)
        before = self._seconds.get(key)
        self._seconds[key] = seconds if before is None else before + WEIGHT * (seconds - before)
        self._seconds.move_to_end(key)
        if len(self._seconds) > MAX_SHAPES:
            self._seconds.popitem(last=False)
