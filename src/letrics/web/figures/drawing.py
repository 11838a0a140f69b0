"""Geometry of bar charts. Charts stretch to the available width, so they contain no text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 100.0
"""Height of a chart, in units of the drawing."""

STEP: Final = 10.0
"""Width of one bar including the gap, in units of the drawing."""

_GAP: Final = 2.0
"""Gap between two bars, in units of the drawing."""

_LEAST: Final = 0.8
"""Minimum height of a bar above zero, in units of the drawing, so that it is visible."""

_NICE: Final = (1.0, 2.0, 4.0, 5.0, 10.0)
"""Round maxima of a scale, as multiples of a power of ten."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its rectangle, label and value."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart of `width` by HEIGHT. `top` is the maximum of its scale."""

    bars: tuple[Bar, ...]
    width: float
    top: int


def bars(rows: Sequence[tuple[str, int]]) -> Bars:
    """Lay out a bar chart of labelled values, which must not be negative. Values above zero are always visible."""
    top = ceiling(max((value for _, value in rows), default=0))
    drawn = []
    for place, (label, value) in enumerate(rows):
        height = round(max(value / top * HEIGHT, _LEAST), 2) if value else 0.0
        x = round(place * STEP + _GAP / 2, 2)
        drawn.append(Bar(x, round(HEIGHT - height, 2), STEP - _GAP, height, label, value))
    return Bars(tuple(drawn), len(rows) * STEP, top)


def ceiling(value: int) -> int:
    """Return the smallest even number >= `value` that is 1, 2, 4, 5 or 10 times a power of ten."""
    size = 1
    while True:
        for nice in _NICE:
            number = int(nice * size)
            if number >= max(value, 2) and number % 2 == 0:
                return number
        size *= 10


def share(part: int, whole: int) -> float:
    """Return a percentage with one decimal. It is 100 only for all, and 0 only for none."""
    if not whole or not part:
        return 0.0
    if part == whole:
        return 100.0
    return min(max(round(100 * part / whole, 1), 0.1), 99.9)
