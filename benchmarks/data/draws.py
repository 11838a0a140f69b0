"""Random draws with the distributions of real data. Streams of draws are numbered, so that parts can be drawn alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

DAY: Final = 86_400_000
"""Milliseconds."""
NOW: Final = 1_767_225_600_000
"""The time up to which the data reaches: 2026-01-01T00:00:00Z."""
CROWDED: Final = NOW - 40 * DAY
"""The first millisecond of the day on which half of the companies were added."""

COMPANIES, EMPLOYERS, CONTACTS, NIGHTS, IMPORTS = range(5)
"""The purpose of a stream: its second number, after the seed."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def zipf(kinds: int, exponent: float) -> Floats:
    """The cumulative shares of `kinds` values: number k has a weight of (k + 1) ** -exponent."""
    return cumulated(np.arange(1, kinds + 1, dtype=np.float64) ** -exponent)


def cumulated(weights: Sequence[float] | Floats) -> Floats:
    edges = np.cumsum(np.asarray(weights, np.float64))
    shares: Floats = edges / edges[-1]
    return shares


class Draws:
    """One stream: the same numbers give the same draws."""

    def __init__(self, *stream: int) -> None:
        self.rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(stream)))

    def pick(self, shares: Floats, count: int) -> Ints:
        """`count` numbers, drawn by their cumulative shares."""
        # the last share may lie below 1 by rounding
        return np.minimum(np.searchsorted(shares, self.rng.random(count), "right"), len(shares) - 1).astype(np.int64)

    def yes(self, share: float, count: int) -> npt.NDArray[np.bool_]:
        return self.rng.random(count) < share

    def moments(self, count: int, years: float, crowd: float) -> Ints:
        """Milliseconds within the last `years`, more of them lately; the share `crowd` on one day, in bursts of one
        millisecond as bulk imports make them."""
        spread = NOW - 1 - (self.rng.random(count) ** 1.5 * years * 365 * DAY).astype(np.int64)
        bursts = CROWDED + self.rng.integers(0, 20_000, count) * 4_000
        return np.where(self.yes(crowd, count), bursts, spread)

    def some_of(self, most: int, count: int) -> Ints:
        """`count` distinct numbers below `most`, in random order."""
        return self.rng.permutation(most)[:count].astype(np.int64)


def times(milliseconds: Ints) -> list[str]:
    """As the program writes them, without the final Z."""
    texts: list[str] = np.datetime_as_string(milliseconds.view("datetime64[ms]")).tolist()
    return texts


def quoted(texts: Sequence[str]) -> list[str]:
    """Each as a JSON string."""
    return [msgspec.json.encode(text).decode() for text in texts]


class Lists:
    """`values` are JSON, drawn by their cumulative shares; `sizes` are the weights of lists with 0, 1, 2 … values."""

    def __init__(self, values: Sequence[str], shares: Floats, sizes: Sequence[float]) -> None:
        self.values, self.shares, self.sizes = values, shares, cumulated(sizes)

    def draw(self, draws: Draws, count: int) -> list[str]:
        ends = np.cumsum(draws.pick(self.sizes, count))
        picked = draws.pick(self.shares, int(ends[-1]) if count else 0).tolist()
        values, start, found = self.values, 0, []
        for end in ends.tolist():
            found.append(",".join([values[k] for k in dict.fromkeys(picked[start:end])]))
            start = end
        return found
