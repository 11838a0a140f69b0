"""Similarity of texts: which of many candidates are close enough to what was searched for to be suggested."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
"""Positions in an array."""

_MAX_COMPARED: Final = 48
"""Number of candidates with the highest estimates that are compared character by character."""
_MIN_SIMILARITY: Final = 0.6
"""Minimum similarity of a suggestion (0 to 1)."""


def best_candidates(estimates: npt.NDArray[Any]) -> Ints:
    """The positions of the highest estimates, in any order."""
    if len(estimates) <= _MAX_COMPARED:
        return np.arange(len(estimates))
    best: Ints = np.argpartition(-estimates, _MAX_COMPARED)[:_MAX_COMPARED]
    return best


def similarity(wanted: str, text: str) -> float | None:
    """The ratio of difflib (0 to 1), or None where the texts are not similar enough for a suggestion."""
    ratio = SequenceMatcher(None, wanted, text).ratio()
    return ratio if ratio >= _MIN_SIMILARITY else None
