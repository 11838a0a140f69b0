"""Lists of a varying number of distinct values, as the inside of JSON lists."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from benchmarks.data.draws import Draws, Floats, cumulated


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
