"""Lower the sizes from which the bitmap engine takes its ways for large sets, so that small worlds walk them too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from letrics.engines.bitmap import (
    bits,
    books,
    broad,
    building,
    draft,
    evaluate,
    expanding,
    follow,
    lookup,
    postings,
    state,
    times,
    titles,
)


@contextmanager
def low_thresholds() -> Iterator[None]:
    """Sets of their own from 3 records on, buckets of 4 times, ready sets for pieces of words, early re-indexing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "_SMALL", 8)
        patch.setattr(evaluate, "_WIDE", 3)
        patch.setattr(evaluate, "_MIDDLING", 16)
        patch.setattr(evaluate, "LISTED", 12)
        patch.setattr(evaluate, "_FEW", 8)
        patch.setattr(lookup, "_JUMP", 0.0)
        patch.setattr(lookup, "_MASK", 0.0)
        patch.setattr(lookup, "_MOST", 12)
        patch.setattr(evaluate, "_SCATTERED", 10)
        patch.setattr(building, "_MANY_WORDS", 3)
        patch.setattr(building, "_LARGE", 20)
        patch.setattr(building, "_TWO_AT_A_TIME", 20)
        patch.setattr(state, "_LARGE", 5)
        patch.setattr(books, "_LATE", 3)
        patch.setattr(draft, "_PART", 10)
        patch.setattr(expanding, "_CHUNK", 7)
        patch.setattr(expanding, "_SHARE", 3)
        patch.setattr(evaluate, "_GATHERED", 3)
        patch.setattr(times, "_BUCKET", 4)
        patch.setattr(times, "_COMPANIES", 3)
        patch.setattr(times, "_STEP", 2)
        patch.setattr(times, "_FAN", 4)
        patch.setattr(times, "_NARROW", 3)
        patch.setattr(times, "_GROUPS", 2)
        patch.setattr(titles, "_LOOKED_AT", 2)
        patch.setattr(titles, "_KEPT", 3_000)
        patch.setattr(postings, "DENSE", 3)
        patch.setattr(bits, "_LEAST", 20)
        patch.setattr(bits, "_THIN", 5)
        patch.setattr(bits, "_FULL", 0)
        patch.setattr(broad, "_FEWEST_ROWS", 2)
        yield


@contextmanager
def eager_merge() -> Iterator[None]:
    """Whatever is caught up next goes into a new base, together with all that was before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(follow, "_FEW", -(2**62))
        yield
