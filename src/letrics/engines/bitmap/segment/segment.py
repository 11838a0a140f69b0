"""A layer: the postings of some records, under their lasting nums. The base is a layer, and so is each overlay.

A layer decides about the nums it `covers`, alive or not; a later layer overrules an earlier one:
answer = (base − covers) ∪ overlay. Contact sets carry their company's values too, so a query of contacts asks the
contact side alone. Layers are immutable, made from columns, and published by swapping one reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums
from letrics.engines.bitmap.query.query_cache import QueryCache
from letrics.engines.bitmap.segment.hash_index import HashIndex
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.storage.bitmap_store import BitmapStore
from letrics.records import Kind


@dataclass(slots=True)
class TextPostings:
    """What contains a text: by word, by whole text, and for the commonest pieces of words ready sets, each at the
    place in `sets` that `pieces` tells."""

    words: Postings
    texts: Postings
    pieces: dict[str, int]
    sets: BitmapStore


@dataclass(slots=True)
class Segment:
    """One kind's half of a layer. Every set holds live nums only."""

    covers: BitMap
    alive: BitMap
    values: dict[str, Postings] = field(default_factory=dict)
    flags: dict[str, BitMap] = field(default_factory=dict)
    times: dict[str, RangeIndex] = field(default_factory=dict)
    texts: dict[str, TextPostings] = field(default_factory=dict)
    keys: dict[str, HashIndex] = field(default_factory=dict)
    contacts_of_company: Postings | None = None
    """Of contacts: the contacts of each company."""
    nums: Nums | None = None
    company: Ints | None = None
    """Of contacts: all live nums ascending, and the company of each (as numpy indexes with, or it would copy it)."""
    query_cache: QueryCache | None = None
    """Sets of clauses asked before. None: none are kept."""


@dataclass(slots=True)
class SegmentPair:
    companies: Segment
    contacts: Segment

    def of_kind(self, kind: Kind) -> Segment:
        return self.contacts if kind == "contacts" else self.companies


def newest_first(segments: tuple[SegmentPair, ...], kind: Kind) -> Iterator[tuple[Segment, BitMap | None]]:
    """Each layer's side, with the nums that later layers overrule (None where there are none), last first."""
    superseded: BitMap | None = None
    for pair in reversed(segments):
        segment = pair.of_kind(kind)
        yield segment, superseded
        superseded = segment.covers if superseded is None else superseded | segment.covers
