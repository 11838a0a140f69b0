"""Names of people: invented from syllables of several languages and scripts, some far more common than others."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from benchmarks.data.draws import Draws, Floats, Ints, cumulated, zipf

STYLES: Final = Path(__file__).with_name("names.json")
"""Syllables of names, by script."""


class _Parts(msgspec.Struct, frozen=True):
    """Parts of names, separated by spaces; a dot stands for nothing."""

    starts: str
    middles: str
    ends: str


class _Style(msgspec.Struct, frozen=True):
    """The names of a share of all people: the number of different first and last names, and their syllables."""

    script: str
    share: float
    firsts: int
    lasts: int
    first: _Parts
    last: _Parts


def _names(rng: random.Random, parts: _Parts, count: int) -> list[str]:
    """`count` distinct names; some have no middle, some one or two."""
    starts, middles, ends = (
        ["" if part == "." else part for part in given.split()] for given in (parts.starts, parts.middles, parts.ends)
    )
    if len(starts) * len(ends) * len(middles) ** 2 < 4 * count:
        every = list(dict.fromkeys(map("".join, itertools.product(starts, middles, ends))))
        rng.shuffle(every)
        return every[:count]
    found: dict[str, None] = {}
    while len(found) < count:
        inner = "".join(rng.choice(middles) for _ in range(rng.choice((0, 1, 1, 1, 2))))
        found[rng.choice(starts) + inner + rng.choice(ends)] = None
    return list(found)


class Names:
    """All first and last names, as JSON strings."""

    def __init__(self) -> None:
        rng = random.Random(5)
        styles = msgspec.json.decode(STYLES.read_bytes(), type=list[_Style])
        self._styles = cumulated([style.share for style in styles])
        self._firsts: list[tuple[int, Floats]] = []
        self._lasts: list[tuple[int, Floats]] = []
        self.firsts: list[str] = []
        self.lasts: list[str] = []
        for style in styles:
            for parts, count, drawn, names, exponent in (
                (style.first, style.firsts, self._firsts, self.firsts, 0.9),
                (style.last, style.lasts, self._lasts, self.lasts, 0.8),
            ):
                made = _names(rng, parts, count)
                drawn.append((len(names), zipf(len(made), exponent)))
                names += [msgspec.json.encode(name).decode() for name in made]

    def draw(self, draws: Draws, count: int) -> tuple[Ints, Ints]:
        """Positions of `count` people's names in `firsts` and in `lasts`; both are of one language."""
        styles = draws.pick(self._styles, count)
        found = []
        for drawn in (self._firsts, self._lasts):
            places = np.zeros(count, np.int64)
            for style, (start, shares) in enumerate(drawn):
                those = styles == style
                places[those] = start + draws.pick(shares, int(those.sum()))
            found.append(places)
        return found[0], found[1]
