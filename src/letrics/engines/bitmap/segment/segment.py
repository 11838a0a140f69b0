"""Segment: the immutable index of some records. The base is a segment, and so is each batch of later changes.

A segment decides about the nums that it `covers`, whether they are alive or not, and supersedes earlier segments there:
result = (base − covers) ∪ matches of the later segment. Postings of contacts include the terms of their companies, so a
query of contacts reads contact segments only. Segments are written from columns and published by swapping one
reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyroaring import BitMap

from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Ints, Nums
from letrics.engines.bitmap.query.query_cache import QueryCache
from letrics.engines.bitmap.segment.hash_index import HashIndex
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.storage.bitmap_store import BitmapStore
from letrics.records import Kind


@dataclass(slots=True)
class TextPostings:
    """Postings for searches in a text: by word, by whole text, and ready bitmaps for the most common n-grams.

    `pieces` has the position in `sets` of the bitmap of each n-gram.
    """

    words: Postings
    texts: Postings
    pieces: dict[str, int]
    sets: BitmapStore


@dataclass(slots=True)
class Segment:
    """One kind of record of a segment. All postings and bitmaps contain live nums only."""

    costs: Costs
    """How queries on the segment choose their way."""
    covers: BitMap
    """The nums that the segment decides about."""
    alive: BitMap
    """Alive bitset: those of them that are not deleted."""
    values: dict[str, Postings] = field(default_factory=dict)
    """Postings of terms, by fact."""
    flags: dict[str, BitMap] = field(default_factory=dict)
    """The records whose flag is set, by fact."""
    times: dict[str, RangeIndex] = field(default_factory=dict)
    """Range indexes of times and numbers, by fact."""
    texts: dict[str, TextPostings] = field(default_factory=dict)
    """Text postings, by fact."""
    keys: dict[str, HashIndex] = field(default_factory=dict)
    """Hash indexes of unique keys, by fact."""
    contacts_of_company: Postings | None = None
    """Only for contacts: the contacts of each company."""
    nums: Nums | None = None
    """Only for contacts: all live nums, ascending."""
    company: Ints | None = None
    """Only for contacts: the company of each of `nums` (64-bit, because numpy would convert any other index)."""
    query_cache: QueryCache | None = None
    """Cache of clause bitmaps, or None to cache none."""


@dataclass(slots=True)
class SegmentPair:
    """The companies and the contacts of a segment."""

    companies: Segment
    contacts: Segment

    def of_kind(self, kind: Kind) -> Segment:
        """The segment of the records of this kind."""
        return self.contacts if kind == "contacts" else self.companies


def newest_first(segments: tuple[SegmentPair, ...], kind: Kind) -> Iterator[tuple[Segment, BitMap | None]]:
    """Each segment with the nums that later segments supersede there (None if there are none), the last segment
    first."""
    superseded: BitMap | None = None
    for pair in reversed(segments):
        segment = pair.of_kind(kind)
        yield segment, superseded
        superseded = segment.covers if superseded is None else superseded | segment.covers
