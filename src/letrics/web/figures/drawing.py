"""Bars: where each stands in its picture. Pictures are stretched to the width there is, so they hold no words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 100.0
STEP: Final = 10.0
"""The width of one bar with the space around it."""

_GAP: Final = 2.0
_LEAST: Final = 0.8
_NICE: Final = (1.0, 2.0, 4.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture: a rectangle, what it stands for and how much that is."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of bars beside each other, `width` by HEIGHT, with the `top` of its scale."""

    bars: tuple[Bar, ...]
    width: float
    top: int


def bars(rows: Sequence[tuple[str, int]]) -> Bars:
    """The picture of labelled numbers, none below zero. A number above zero is always to be seen."""
    top = ceiling(max((value for _, value in rows), default=0))
    drawn = []
    for place, (label, value) in enumerate(rows):
        height = round(max(value / top * HEIGHT, _LEAST), 2) if value else 0.0
        x = round(place * STEP + _GAP / 2, 2)
        drawn.append(Bar(x, round(HEIGHT - height, 2), STEP - _GAP, height, label, value))
    return Bars(tuple(drawn), len(rows) * STEP, top)


def ceiling(value: int) -> int:
    """The least even number not below `value` that is 1, 2, 4, 5 or 10 times a power of ten: half of it is whole."""
    size = 1
    while True:
        for nice in _NICE:
            number = int(nice * size)
            if number >= max(value, 2) and number % 2 == 0:
                return number
        size *= 10


def share(part: int, whole: int) -> float:
    """Of a hundred, to one place; never 100 or 0 but for all or nothing."""
    if not whole or not part:
        return 0.0
    if part == whole:
        return 100.0
    return min(max(round(100 * part / whole, 1), 0.1), 99.9)
