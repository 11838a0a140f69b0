"""Searcher: an immutable view of all segments at one log position, on which queries run.

A new searcher is published by swapping one reference, so a query never sees half a batch of changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.columns.term_dictionary import TermDictionary
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Hashes, Ints, Nums, to_array
from letrics.engines.bitmap.kernel.parallel import map_threads
from letrics.engines.bitmap.kernel.roaring import union
from letrics.engines.bitmap.query.executor import node_bitmaps
from letrics.engines.bitmap.query.nodes import TextNode
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.engines.bitmap.segment.segment import SegmentPair, newest_first
from letrics.engines.bitmap.suggest.deletion_filter import DeletionFilter
from letrics.engines.bitmap.suggest.existence_cache import ExistenceCache, RecentLookups
from letrics.engines.bitmap.text.text_index import TextIndex
from letrics.fields import Fact, Owner
from letrics.query.clauses import Term
from letrics.records import Kind
from letrics.store.base import Position

_KIND_OF: Final[dict[Owner, Kind]] = {"company": "companies", "contact": "contacts"}
"""The kind of record that has the facts of an owner."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """The segments, and what resolves query values to the ids in them: dictionaries and text indexes by fact."""

    costs: Costs
    """How queries choose their way."""
    position: Position
    """The log position that the segments reflect."""
    segments: tuple[SegmentPair, ...]
    """The base first, then later ones, which supersede earlier ones."""
    dictionaries: dict[str, TermDictionary]
    text_indexes: dict[str, TextIndex]
    forms: dict[str, DeletionFilter]
    """Deletion filters of the keys that get suggestions, by fact."""
    recent: RecentLookups[tuple[Ints, Nums]] = field(default_factory=RecentLookups)
    """Cache of key lookups."""
    existing: ExistenceCache = field(init=False)
    """Cache of values that exist or not, and of suggestions."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "existing", ExistenceCache(self.costs.max_cached_entries))

    def find_keys(self, fact: Fact, terms: tuple[Term, ...]) -> tuple[Ints, Nums]:
        """The live records that have a key of the terms: positions in `terms`, and the num at each."""
        found = self.recent.of(fact, terms)
        if found is None:
            positions = np.array([at for at, term in enumerate(terms) for _ in term.keys], dtype=np.int64)
            at, nums = self.find_hashes(fact, hash_texts([key for term in terms for key in term.keys]))
            found = positions[at], nums
            self.recent.keep(fact, terms, found)
        return found

    def find_hashes(self, fact: Fact, hashes: Hashes) -> tuple[Ints, Nums]:
        """The live records that have a key with one of the hashes: positions in `hashes`, and the num at each."""
        found: list[tuple[Ints, Nums]] = []
        for segment, superseded in newest_first(self.segments, _KIND_OF[fact.owner]):
            at, nums = segment.keys[fact.name].find(hashes)
            if superseded is not None:
                current = np.fromiter((num not in superseded for num in nums.tolist()), np.bool_, len(nums))
                at, nums = at[current], nums[current]
            found.append((at, nums))
        if len(found) == 1:
            return found[0]
        return np.concatenate([at for at, _ in found]), np.concatenate([nums for _, nums in found])

    def companies_matching(self, node: TextNode) -> Nums:
        """The live companies that match the text node."""
        found = BitMap()
        for segment, superseded in newest_first(self.segments, "companies"):
            matches = union(node_bitmaps(segment, node))
            found |= matches if superseded is None else matches - superseded
        return to_array(found)


def make_searcher(
    costs: Costs,
    position: Position,
    segments: tuple[SegmentPair, ...],
    columns: ColumnStore,
    text_indexes: dict[str, TextIndex],
) -> Searcher:
    """The searcher of these segments and columns."""
    dictionaries = {**columns.companies.dictionaries, **columns.contacts.dictionaries}
    for dictionary in dictionaries.values():
        dictionary.sign()
    return Searcher(costs, position, segments, dictionaries, text_indexes, columns.companies.forms)


def make_text_indexes(costs: Costs, columns: ColumnStore, before: dict[str, TextIndex]) -> dict[str, TextIndex]:
    """Text indexes of everything that the columns have now. They reuse the parts of those `before`. Those of a large
    base are built by two threads."""
    forward_indexes = {**columns.companies.forward_indexes, **columns.contacts.forward_indexes}
    names = sorted(forward_indexes, key=lambda name: -len(forward_indexes[name]))
    if before or len(columns.contacts) < costs.large_segment_records:
        return {name: TextIndex(texts, costs, before.get(name)) for name, texts in forward_indexes.items()}
    return dict(zip(names, map_threads(lambda name: TextIndex(forward_indexes[name], costs), names), strict=True))
