"""Sets of clauses that were asked before: who turns pages or narrows a search down sends the same clauses again.

A clause of one value is a set of the index. One of several values, of a range or of a text must be put together, which
takes as long as all the rest of a search. What is asked a second time is kept, on the shelf of unpacked sets; not what
is asked once, which would push others out. Whole answers are not kept, only what a single clause says.
"""

from __future__ import annotations

from collections.abc import Hashable
from hashlib import blake2b
from typing import Final, assert_never

from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Nums
from letrics.engines.bitmap.kernel.roaring import CONTAINER_SPAN, container_count
from letrics.engines.bitmap.query.nodes import (
    AllNode,
    BitmapNode,
    FlagNode,
    HashNode,
    JoinNode,
    QueryNode,
    RangeNode,
    TermsNode,
    TextNode,
)
from letrics.engines.bitmap.storage.bitmap_store import BITMAP_OVERHEAD_BYTES, BitmapCache, next_owner

_MAX_SEEN_ONCE: Final = 10_000
"""Of so many clauses it is known that they were asked once."""


class QueryCache:
    """Of one side of a layer, which never changes: the sets of its clauses."""

    def __init__(self, cache: BitmapCache) -> None:
        self._cache = cache
        self._number = next_owner()
        self._met: dict[Hashable, None] = {}

    def known(self, clause: QueryNode) -> tuple[QueryNode, bool]:
        """The clause with its set, where that is kept; else as it is, and whether its set is to be kept when it is
        made: it is asked for the second time."""
        name = _cache_key(clause)
        if name is None:
            return clause, False
        found = self._cache.get((self._number, name))
        if found is not None:
            return BitmapNode(found), False
        if name in self._met:
            return clause, True
        if len(self._met) >= _MAX_SEEN_ONCE:
            self._met = {}
        self._met[name] = None
        return clause, False

    def keep(self, clause: QueryNode, nums: BitMap) -> None:
        """Keep all the nums that pass the clause."""
        size = min(2 * len(nums), container_count(nums) * CONTAINER_SPAN // 8) if nums else 0
        self._cache.put((self._number, _cache_key(clause)), nums, size + BITMAP_OVERHEAD_BYTES)


def _cache_key(clause: QueryNode) -> Hashable:
    """The same for clauses that say the same; None for those whose sets are there, or made in no time."""
    match clause:
        case TermsNode(fact, ids):
            return None if len(ids) == 1 else ("values", fact, _digest(ids))
        case AllNode(every):
            some = [part for part in every if isinstance(part, TermsNode)]
            return ("every", *((part.fact, _digest(part.ids)) for part in some)) if len(some) == len(every) else None
        case JoinNode(nums):
            return "companies", _digest(nums)
        case TextNode(fact, needles):
            return "texts", fact, *(needle.text for needle in needles)
        case RangeNode(fact, low, high):
            return "times", fact, low, high
        case HashNode() | FlagNode() | BitmapNode():
            return None
        case _:
            assert_never(clause)


def _digest(numbers: Nums) -> bytes:
    return blake2b(numbers.tobytes(), digest_size=16).digest()
