"""Names of people: invented from syllables of several languages and scripts, some far more common than others."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.data.draws import Draws, Floats, Ints, cumulated, quoted, zipf

STYLES: Final = Path(__file__).with_name("names.json")
"""Syllables of names by script, with its share of all people and the number of different first and last names."""


def _names(rng: random.Random, parts: dict[str, str], count: int) -> list[str]:
    """`count` distinct names; some have no middle, some one or two. A dot stands for an empty part."""
    starts, middles, ends = (
        ["" if part == "." else part for part in parts[name].split()] for name in ("starts", "middles", "ends")
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
        styles = json.loads(STYLES.read_text())
        self._styles = cumulated([style["share"] for style in styles])
        self._firsts: list[tuple[int, Floats]] = []
        self._lasts: list[tuple[int, Floats]] = []
        self.firsts: list[str] = []
        self.lasts: list[str] = []
        for style in styles:
            for part, drawn, names, exponent in (
                ("first", self._firsts, self.firsts, 0.9),
                ("last", self._lasts, self.lasts, 0.8),
            ):
                made = _names(rng, style[part], style[f"{part}s"])
                drawn.append((len(names), zipf(len(made), exponent)))
                names += quoted(made)

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
