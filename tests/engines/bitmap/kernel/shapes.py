"""Sets of numbers by the shape of their containers, with all edges of the Roaring format."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Final

from hypothesis import example
from hypothesis import strategies as st

Shapes = list[tuple[int, str]]
"""The key (upper 16 bits) and the name of the shape of each container. Containers of one key are united."""

_EVERY_16TH: Final = list(range(0, 65_536, 16))
_ODD: Final = list(range(1, 65_536, 2))
_RANDOM: Final = random.Random(7)

LOWS: Final[dict[str, list[int]]] = {
    "first": [0],
    "last": [65_535],
    "some": sorted(_RANDOM.sample(range(65_536), 300)),
    "4095": _EVERY_16TH[:-1],
    "4096": _EVERY_16TH,
    "4097": [0, 1, *_EVERY_16TH[1:]],
    "many": sorted(_RANDOM.sample(range(65_536), 20_000)),
    "run": list(range(1_000, 9_000)),
    "odd": _ODD,
    "nearly odd": _ODD[3:],
    "odd without 4096": _ODD[4_096:],
    "full": list(range(65_536)),
}
"""The lower 16 bits of the numbers of a container, by the name of its shape."""

LAST_KEY: Final = 65_535
"""The key of the last container of 32-bit numbers."""

EDGES: Final[tuple[Shapes, ...]] = (
    [],
    *([(0, name)] for name in LOWS),
    [(3, "last")],
    [(1, "4096"), (3, "4097")],
    [(0, "full"), (1, "full"), (2, "first")],
    [(0, "odd"), (1, "some"), (2, "run")],
)
"""Sets in the first containers that every property is tried with."""

FAR_EDGES: Final[tuple[Shapes, ...]] = (
    [(LAST_KEY, "last")],
    [(LAST_KEY, "full")],
    [(LAST_KEY - 1, "full"), (LAST_KEY, "first")],
    [(0, "first"), (LAST_KEY, "4097")],
)
"""Sets up to the largest 32-bit number, for routines that are not bound by the size of a mask."""

NEAR: Final = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(sorted(LOWS))), max_size=4)
"""Sets in the first containers, so that masks stay small."""
FAR: Final = st.lists(
    st.tuples(
        st.integers(0, 3) | st.sampled_from([255, 40_000, LAST_KEY - 1, LAST_KEY]), st.sampled_from(sorted(LOWS))
    ),
    max_size=4,
)
"""Sets anywhere among 32-bit numbers."""


def numbers_of(shapes: Shapes) -> list[int]:
    """The numbers, ascending and distinct."""
    return sorted({(key << 16) + low for key, name in shapes for low in LOWS[name]})


def with_edges(*edges: Shapes) -> Callable[[Any], Any]:
    """Try a property with each of these sets, besides those that hypothesis draws."""

    def decorate(test: Any) -> Any:
        for shapes in edges:
            test = example(shapes)(test)
        return test

    return decorate
