"""Index check: compares two indexes of the same log posting by posting.

Ids differ between indexes, so postings are compared by what the ids stand for: terms one by one; words, texts and
companies, of which there are millions, as sorted pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, sorted_unique, to_array
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.segment.hash_index import hash_texts
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.segment.segment import Segment, newest_first
from letrics.records import KINDS, Kind

_MAX_REPORTED: Final = 20
"""Maximum differences in a report."""

PostingPairs = npt.NDArray[np.uint64]
"""(value, num) pairs, each as one number. The value is represented by 32 bits."""


def index_differences(ours: Searcher, fresh: Searcher) -> list[str]:
    """The differences of `ours` from `fresh`, as at most 20 sentences. Empty if all postings are equal."""
    found: list[str] = []
    for kind in KINDS:
        our_bitmaps, fresh_bitmaps = _value_bitmaps(ours, kind), _value_bitmaps(fresh, kind)
        for name in sorted(our_bitmaps.keys() | fresh_bitmaps.keys()):
            our_bitmap, fresh_bitmap = our_bitmaps.get(name, BitMap()), fresh_bitmaps.get(name, BitMap())
            if our_bitmap != fresh_bitmap:
                example = next(iter(our_bitmap ^ fresh_bitmap))
                missing, extra = fresh_bitmap - our_bitmap, our_bitmap - fresh_bitmap
                found.append(_describe(kind, name, len(missing), len(extra), example))
        pairs_of_both = zip(_posting_pairs(ours, kind), _posting_pairs(fresh, kind), strict=True)
        for (name, our_pairs), (_, fresh_pairs) in pairs_of_both:
            if not np.array_equal(our_pairs, fresh_pairs):
                too_few, too_many = np.setdiff1d(fresh_pairs, our_pairs), np.setdiff1d(our_pairs, fresh_pairs)
                example = int(np.concatenate([too_few, too_many])[0]) & 0xFFFFFFFF
                found.append(_describe(kind, name, len(too_few), len(too_many), example))
        found += _range_differences(ours, fresh, kind)
    return found[:_MAX_REPORTED]


def _describe(kind: Kind, name: str, missing: int, extra: int, example: int) -> str:
    return f"index of {kind}: {name} lacks {missing} records and has {extra} extra ones, for example num {example}"


def _value_bitmaps(searcher: Searcher, kind: Kind) -> dict[str, BitMap]:
    """The bitmaps of all records, flags and terms, segments merged, under names that do not depend on ids."""
    merged: dict[str, BitMap] = {}
    for segment, superseded in newest_first(searcher.segments, kind):
        for name, posting in _bitmaps_of_segment(searcher, segment):
            current = posting if superseded is None else posting - superseded
            if current:
                merged[name] = merged[name] | current if name in merged else current
    return merged


def _bitmaps_of_segment(searcher: Searcher, segment: Segment) -> Iterator[tuple[str, BitMap]]:
    """Names and bitmaps of the records, flags and terms of a segment, and of n-gram bitmaps that disagree with their
    words."""
    yield "the alive bitset", segment.alive
    yield from segment.flags.items()
    for name, postings in segment.values.items():
        keys = searcher.dictionaries[name].keys
        for id_ in postings.ids.tolist():
            yield f"{name} {keys[id_]!r}", postings.get(id_)
    for name, text in segment.texts.items():
        for piece, place in text.pieces.items():
            # Only some segments have n-gram bitmaps, so they are compared with the words of the same segment.
            index = searcher.text_indexes[name]
            if text.sets[place] != text.words.union(index.words_with(piece)):
                yield f"{name} containing {piece!r} (differs from the postings of its words)", text.sets[place]


def _posting_pairs(searcher: Searcher, kind: Kind) -> Iterator[tuple[str, PostingPairs]]:
    """Names and pairs of the words, texts, keys and companies, segments merged."""
    segments_of_kind = [
        (segment, None if superseded is None else to_array(superseded))
        for segment, superseded in newest_first(searcher.segments, kind)
    ]
    first = segments_of_kind[0][0]
    for name in sorted(first.texts):  # threads built them in any order
        forward_index = searcher.text_indexes[name].forward_index
        words = hash_texts(forward_index.words)
        texts = forward_index.hashes.whole()
        yield (
            f"{name} by word",
            _merge_pairs([(_pairs_of(s.texts[name].words, words), superseded) for s, superseded in segments_of_kind]),
        )
        yield (
            name,
            _merge_pairs([(_pairs_of(s.texts[name].texts, texts), superseded) for s, superseded in segments_of_kind]),
        )
    for name in sorted(first.keys):
        parts = [
            ((s.keys[name].hashes & _HASH_MASK) | s.keys[name].nums, superseded) for s, superseded in segments_of_kind
        ]
        yield name, _merge_pairs(parts)
    if first.contacts_of_company is not None:
        parts = [
            (_pairs_of(s.contacts_of_company, None), superseded)
            for s, superseded in segments_of_kind
            if s.contacts_of_company is not None
        ]
        yield "contacts of a company", _merge_pairs(parts)


_HASH_MASK: Final = np.uint64(0xFFFFFFFF00000000)
"""The upper half of a pair."""


def _pairs_of(postings: Postings, names: npt.NDArray[Any] | None) -> PostingPairs:
    """The pairs of postings. `names` has a hash for each id; without it, the id represents itself."""
    high = np.arange(int(postings.ids.max()) + 1 if len(postings.ids) else 0, dtype=np.uint64) << np.uint64(32)
    if names is not None:
        high = names & _HASH_MASK
    parts = [np.repeat(high[postings.ids], np.diff(postings.offsets)) | postings.nums]
    parts += [high[id_] | to_array(postings.dense[at]) for at, id_ in enumerate(postings.dense_ids.tolist())]
    return np.concatenate(parts)


def _merge_pairs(parts: list[tuple[PostingPairs, Nums | None]]) -> PostingPairs:
    """The pairs of all segments, without records that a later segment supersedes."""
    current = []
    for pairs, superseded in parts:
        if superseded is not None and len(superseded):
            is_superseded = np.zeros(int((pairs & ~_HASH_MASK).max()) + 1 if len(pairs) else 0, np.bool_)
            is_superseded[superseded[superseded < len(is_superseded)]] = True
            pairs = pairs[~is_superseded[pairs & ~_HASH_MASK]]
        current.append(pairs)
    return sorted_unique(np.concatenate(current))


def _range_differences(ours: Searcher, fresh: Searcher, kind: Kind) -> list[str]:
    """The range indexes that differ, as sentences."""
    found = []
    our_values, fresh_values = _range_values(ours, kind), _range_values(fresh, kind)
    for name in fresh_values:
        nums_a, times_a = our_values[name]
        nums_b, times_b = fresh_values[name]
        if not (np.array_equal(nums_a, nums_b) and np.array_equal(times_a, times_b)):
            found.append(f"index of {kind}: the values of {name} differ")
    return found


def _range_values(searcher: Searcher, kind: Kind) -> dict[str, tuple[Nums, Ints]]:
    """For each range index, the live nums in ascending order and the value of each."""
    parts: dict[str, list[tuple[Nums, Ints]]] = {}
    for segment, superseded in newest_first(searcher.segments, kind):
        for name, index in segment.times.items():
            nums, times = _values_of_records(segment, index)
            keep = np.ones(len(nums), np.bool_)
            if superseded is not None and len(superseded):
                keep = ~np.isin(nums, to_array(superseded))
            parts.setdefault(name, []).append((nums[keep], times[keep]))
    merged = {}
    for name, pieces in parts.items():
        nums = np.concatenate([nums for nums, _ in pieces])
        times = np.concatenate([times for _, times in pieces])
        order = np.argsort(nums)
        merged[name] = (nums[order], times[order])
    return merged


def _values_of_records(segment: Segment, index: RangeIndex) -> tuple[Nums, Ints]:
    """The nums of a range index and their values. Contacts have the value of their company."""
    if index.contacts is None:
        return index.nums, index.times
    assert segment.company is not None and segment.nums is not None
    order = np.argsort(index.nums)
    companies = index.nums[order]
    at = np.minimum(np.searchsorted(companies, segment.company), max(len(companies) - 1, 0))
    held = companies[at] == segment.company if len(companies) else np.zeros(len(segment.company), np.bool_)
    return segment.nums[held], index.times[order][at[held]]
