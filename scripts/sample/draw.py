"""Reproducible draws: one stream of numbers a record, so that a change to one record leaves all others as they are.

Built on `random()` alone, the only method whose sequence Python promises to keep between versions
(https://docs.python.org/3/library/random.html, "Notes on Reproducibility").
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A stream of draws named by its parts: the same parts always give the same draws."""

    def __init__(self, *name: object) -> None:
        self._random = Random(":".join(map(str, name))).random

    def chance(self, probability: float) -> bool:
        """True with this probability (0 to 1)."""
        return self._random() < probability

    def below(self, bound: int) -> int:
        """An integer from 0 up to, but not including, `bound`."""
        return int(self._random() * bound)

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def one(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely. There must be one."""
        return choices[self.below(len(choices))]

    def weighted(self, choices: Sequence[T], weights: Sequence[float]) -> T:
        """One of the choices, as likely as its weight."""
        sums = list(accumulate(weights))
        return choices[min(bisect(sums, self._random() * sums[-1]), len(choices) - 1)]

    def some(self, choices: Sequence[T], count: int, skew: float = 1.0) -> list[T]:
        """At most `count` different choices; a `skew` above 1 favours the first ones."""
        found: dict[int, None] = {}
        for _ in range(count * 3):
            if len(found) < min(count, len(choices)):
                found.setdefault(int(self._random() ** skew * len(choices)))
        return [choices[index] for index in found]

    def number(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return self._random()
