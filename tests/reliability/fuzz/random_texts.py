"""Random texts for fuzzing: most are short, some have up to a million characters."""

from __future__ import annotations

import math
from random import Random
from typing import Final

from tests.hostile import FRAMES, UNITS

MEGABYTE: Final = 1_000_000
"""Characters of the longest texts."""

PIECES: Final = (
    *UNITS, "acme.example", "jane.doe@acme.example", "Berlin, Germany", "CA, US", "2026-01-31T09:30:00.000Z",
    "31/01/2026", "11-50", "10k+", "https://www.linkedin.com/in/jane-doe?x=1", "mailto:", "N/A", "null", "true", "C++",
    "Dr. ", "GmbH", "&amp;", "&#x", "%00", "\u3000", "\u2028", "\U000e0041", "\u0300" * 9, "0" * 30, "-", ">", "(", ")",
    "+1 (555) 010-0000", "]", "}", "e9", "Ph.D.", " ::: ", "|", "\r", "\x85", "\ufffe", "\U0010ffff", "or", "and",
    "Area", "Greater ",
)  # fmt: skip
"""What texts are made of, besides random characters."""


def random_text(random: Random, longest: int = MEGABYTE) -> str:
    """A text: of ten, nine have at most 60 pieces; the length of the tenth is random on a logarithmic scale."""
    if random.random() < 0.9:
        return _mixed(random, random.randrange(12) if random.random() < 0.8 else random.randrange(60))
    size = int(math.exp(random.uniform(math.log(50), math.log(longest))))
    style = random.randrange(4)
    if style == 0:  # one unit, between what a reader looks for
        start, end = random.choice(FRAMES)
        return (start + _repeated(random.choice(PIECES), size))[:longest] + end
    if style == 1:  # one after the other, which patterns with alternatives handle badly
        return "".join(_repeated(random.choice(PIECES), size // 3) for _ in range(3))
    if style == 2:  # a short text, many times
        return _repeated(_mixed(random, 6) or "x", size)
    chunk = _mixed(random, 40) or "x"
    return _repeated(chunk, size)[: size - 1] + random.choice(PIECES)


def _mixed(random: Random, count: int) -> str:
    return "".join(
        random.choice(PIECES)
        if random.random() < 0.7
        else chr(random.randrange(0x20, random.choice((0x7F, 0x500, 0x11000))))
        for _ in range(count)
    )


def _repeated(unit: str, size: int) -> str:
    return unit * max(1, size // len(unit))
