"""Segment writer: builds a segment from columns, fact by fact, in a few passes over arrays each.

For facts of a company that contacts are searched by, it takes the companies of each term first, then all of their
contacts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.columns.table import ColumnStore, RecordTable
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.kernel.arrays import Nums, sorted_unique
from letrics.engines.bitmap.kernel.parallel import map_threads, serialized
from letrics.engines.bitmap.kernel.roaring import bitmap_of_sorted, serialize_dense_mask, serialize_nums
from letrics.engines.bitmap.query.query_cache import QueryCache
from letrics.engines.bitmap.segment.hash_index import HashIndex
from letrics.engines.bitmap.segment.join_postings import JoinPostingsWriter
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.segment.segment import Segment, SegmentPair, TextPostings
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache, BitmapStore
from letrics.engines.bitmap.text.text_index import TextIndex
from letrics.engines.common.timestamps import ABSENT
from letrics.fields import Fact, facts_of
from letrics.records import Kind

TextIndexes = dict[str, TextIndex]
"""Text indexes by fact."""
Pause = Callable[[], None]
"""Called between steps, so that other threads can run."""


def write_segments(
    columns: ColumnStore,
    indexes: TextIndexes,
    companies: Nums,
    contacts: Nums,
    cache: BitmapCache,
    costs: Costs,
    pause: Pause,
    parallel: bool = False,
) -> SegmentPair:
    """Write the segment that covers these nums (ascending), from the current columns.

    `pause` is called between steps. `parallel`: whether two threads may be used, which takes more memory.
    """
    return SegmentPair(
        SegmentWriter("companies", columns, indexes, companies, cache, costs, pause).write(parallel),
        SegmentWriter("contacts", columns, indexes, contacts, cache, costs, pause).write(parallel),
    )


class SegmentWriter:
    """Writes one kind of record of a segment."""

    def __init__(
        self,
        kind: Kind,
        columns: ColumnStore,
        indexes: TextIndexes,
        nums: Nums,
        cache: BitmapCache,
        costs: Costs,
        pause: Pause,
    ) -> None:
        self.kind = kind
        self.columns = columns
        self.indexes = indexes
        self.cache = cache
        self.costs = costs
        self.pause = serialized(pause)
        own = columns.contacts if kind == "contacts" else columns.companies
        self.covers = nums
        self.alive = nums[own.alive.take(nums)]
        self.company = own.company.take(self.alive) if kind == "contacts" else self.alive
        self.companies = sorted_unique(self.company) if kind == "contacts" else self.alive
        """The distinct companies of the live records."""
        self.join_writer: JoinPostingsWriter | None = None

    def write(self, parallel: bool = False) -> Segment:
        """The segment. Calls `pause` between steps. `parallel` as in `write_segments`."""
        alive = bitmap_of_sorted(self.alive)
        covers = alive if len(self.alive) == len(self.covers) else bitmap_of_sorted(self.covers)
        segment = Segment(self.costs, covers, alive, query_cache=QueryCache(self.cache, self.costs))
        if self.kind == "contacts":
            segment.nums, segment.company = self.alive, self.company.astype(np.int64)
            self.join_writer = JoinPostingsWriter(segment.nums, segment.company, self.costs)
            segment.contacts_of_company = Postings.of_pairs(self.company, self.alive, self.cache, self.costs)
            self.pause()
        facts = facts_of(self.kind)
        if not parallel or len(self.alive) < self.costs.large_segment_records:
            for fact in facts:
                self._fact(segment, fact)
                self.pause()
        else:
            # Two threads take half the time. Texts take longest, so they go first.
            map_threads(partial(self._fact, segment), sorted(facts, key=lambda fact: fact.kind != "text"))
        return segment

    def _fact(self, segment: Segment, fact: Fact) -> None:
        """Add the index of one fact to the segment."""
        table = self.columns.companies if fact.owner == "company" else self.columns.contacts
        foreign = fact.owner == "company" and self.kind == "contacts"
        owners = self.company if foreign else self.alive
        match fact.kind:
            case "values" if foreign:
                assert self.join_writer is not None
                pairs = table.lists[fact.name].pairs(self.companies, self.companies)
                segment.values[fact.name] = self.join_writer.postings(*pairs, self.cache)
            case "values":
                pairs = table.lists[fact.name].pairs(owners, owners)
                segment.values[fact.name] = Postings.of_pairs(*pairs, self.cache, self.costs)
            case "flag":
                segment.flags[fact.name] = bitmap_of_sorted(self.alive[table.flags[fact.name].take(owners)])
            case "time" | "number":
                segment.times[fact.name] = self._times(segment, table, fact, foreign)
            case "text" | "keys" if foreign:
                pass  # queries look these up among the companies, and join their contacts
            case "text":
                segment.texts[fact.name] = self._text(table, fact)
            case "keys":
                keys = table.keys[fact.name].pairs(self.alive, self.alive)
                segment.keys[fact.name] = HashIndex.of_pairs(*keys)

    def _times(self, segment: Segment, table: RecordTable, fact: Fact, foreign: bool) -> RangeIndex:
        """The range index of a time or number."""
        owners = self.companies if foreign else self.alive
        if fact.kind == "number":
            owners = owners[table.flags[fact.name].take(owners)]
        times = self.columns.time_of(fact, owners)
        if fact.kind == "time":
            known = times != ABSENT
            if not known.all():
                owners, times = owners[known], times[known]
        if not foreign:
            return RangeIndex.of(owners, times, self._bitmap_of(segment, owners), self.cache, self.costs)
        assert segment.contacts_of_company is not None
        alive = segment.alive
        if len(owners) < len(self.companies):
            has_value = np.zeros(len(self.columns.companies), np.bool_)
            has_value[owners] = True
            alive = bitmap_of_sorted(self.alive[has_value[self.company]])
        return RangeIndex.of_companies(
            owners, times, alive, segment.contacts_of_company, self.company, self.alive, self.cache, self.costs
        )

    def _bitmap_of(self, segment: Segment, nums: Nums) -> BitMap:
        return segment.alive if len(nums) == len(self.alive) else bitmap_of_sorted(nums)

    def _text(self, table: RecordTable, fact: Fact) -> TextPostings:
        """The text postings of a fact."""
        forward_index, index = table.forward_indexes[fact.name], self.indexes[fact.name]
        texts = table.texts[fact.name].take(self.alive)
        having = texts >= 0
        nums, text_ids = self.alive[having], texts[having].astype(np.uint32)
        by_text = Postings.of_pairs(text_ids, nums, self.cache, self.costs)
        self.pause()
        codes, places = forward_index.codes_of(text_ids)
        words = (codes >> 1).astype(np.uint32)
        del codes
        by_word = Postings.of_pairs(words, nums[places], self.cache, self.costs)
        del words, places
        self.pause()
        ngrams: list[str] = []
        serialized: list[bytes] = []
        if len(nums) >= self.costs.large_segment_records:
            ngrams = index.common_pieces(self.costs.min_ngram_words)
            serialized = self._ngram_bitmaps(index, ngrams, nums, text_ids, by_word)
        return TextPostings(
            by_word, by_text, {p: at for at, p in enumerate(ngrams)}, BitmapStore.of(serialized, self.cache)
        )

    def _ngram_bitmaps(
        self, index: TextIndex, ngrams: list[str], nums: Nums, text_ids: Nums, by_word: Postings
    ) -> list[bytes]:
        """For each n-gram, the serialized bitmap of the nums whose text contains it."""
        serialized: dict[str, bytes] = {}
        broad: list[str] = []
        for ngram in ngrams:
            words = index.words_with(ngram)
            if by_word.count(words) * self.costs.sequential_share < len(nums):
                serialized[ngram] = by_word.union(words).serialize()
            else:
                broad.append(ngram)
            self.pause()
        serialized.update(zip(broad, self._broad_ngram_bitmaps(index, broad, nums, text_ids), strict=True))
        return [serialized[ngram] for ngram in ngrams]

    def _broad_ngram_bitmaps(self, index: TextIndex, ngrams: list[str], nums: Nums, text_ids: Nums) -> Iterator[bytes]:
        """The same for n-grams in many texts: eight at a time, one bit of a byte for each."""
        used = np.zeros(index.size, np.bool_)
        used[text_ids] = True
        texts = np.flatnonzero(used)
        place = np.cumsum(used, dtype=np.int32) - np.int32(1)
        codes, places = index.forward_index.codes_of(texts.astype(np.uint32))
        words = (codes >> 1).astype(np.int64)
        starts = np.searchsorted(places, np.arange(len(texts)))
        text_position = place[text_ids].astype(np.int64)
        del codes, places, used, place
        span = int(nums[-1]) + 1
        for start in range(0, len(ngrams), 8):
            ngrams_of_word = np.zeros(len(index.forward_index.words), np.uint8)
            eight = ngrams[start : start + 8]
            for bit, ngram in enumerate(eight):
                ngrams_of_word[index.words_with(ngram)] |= np.uint8(1 << bit)
            flags = np.bitwise_or.reduceat(ngrams_of_word.take(words, mode="clip"), starts).take(
                text_position, mode="clip"
            )
            for bit in range(len(eight)):
                has = flags & np.uint8(1 << bit)
                yield serialize_dense_mask(has) if len(nums) == span else serialize_nums(nums[has != 0])
            self.pause()
