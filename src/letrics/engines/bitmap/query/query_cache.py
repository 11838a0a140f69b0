"""Query cache: bitmaps of clauses that were seen at least twice.

Requests for the next page, or with one more filter, repeat clauses. The bitmap of a single term is part of the index.
That of several terms, a range or a text must be combined, which takes as long as the rest of a search. Clauses seen
once are not cached, because they would evict others. Results of whole queries are not cached, only those of clauses.
The bitmaps share the bitmap cache and its capacity.
"""

from __future__ import annotations

from collections.abc import Hashable
from hashlib import blake2b
from typing import assert_never

from pyroaring import BitMap

from letrics.engines.bitmap.costs import Costs
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


class QueryCache:
    """The cached clause bitmaps of one kind of record of a segment, which never changes."""

    def __init__(self, cache: BitmapCache, costs: Costs) -> None:
        self._cache = cache
        self._max_seen_once = costs.max_cached_entries
        self._owner = next_owner()
        self._seen_once: dict[Hashable, None] = {}

    def known(self, clause: QueryNode) -> tuple[QueryNode, bool]:
        """The clause as its cached bitmap, or the clause itself; and whether its bitmap should be cached once it is
        made.

        That is the case when the clause is seen for the second time.
        """
        key = _cache_key(clause)
        if key is None:
            return clause, False
        bitmap = self._cache.get((self._owner, key))
        if bitmap is not None:
            return BitmapNode(bitmap), False
        if key in self._seen_once:
            return clause, True
        if len(self._seen_once) >= self._max_seen_once:
            self._seen_once = {}
        self._seen_once[key] = None
        return clause, False

    def keep(self, clause: QueryNode, nums: BitMap) -> None:
        """Cache the nums that match the clause."""
        size = min(2 * len(nums), container_count(nums) * CONTAINER_SPAN // 8) if nums else 0
        self._cache.put((self._owner, _cache_key(clause)), nums, size + BITMAP_OVERHEAD_BYTES)


def _cache_key(clause: QueryNode) -> Hashable:
    """The same for equal clauses. None for those whose bitmap exists already or takes no time to make."""
    match clause:
        case TermsNode(fact, ids):
            return None if len(ids) == 1 else ("values", fact, _digest(ids))
        case AllNode(parts_of_all):
            term_parts = [part for part in parts_of_all if isinstance(part, TermsNode)]
            if len(term_parts) < len(parts_of_all):
                return None
            return ("every", *((part.fact, _digest(part.ids)) for part in term_parts))
        case JoinNode(nums):
            return "companies", _digest(nums)
        case TextNode(fact, strings):
            return "texts", fact, *(string.text for string in strings)
        case RangeNode(fact, low, high, band):
            return "times", fact, low, high, band
        case HashNode() | FlagNode() | BitmapNode():
            return None
        case _:
            assert_never(clause)


def _digest(numbers: Nums) -> bytes:
    """Digest of an array."""
    return blake2b(numbers.tobytes(), digest_size=16).digest()
