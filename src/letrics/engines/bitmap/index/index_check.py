"""Two indexes compared: which of their answers differ.

Ids are each index's own, so that postings are compared by what their ids stand for: those of few values one by one,
those of millions (words, texts, companies) as sorted pairs of what is carried and by whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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

_MAX_REPORTED = 20

PostingPairs = npt.NDArray[np.uint64]
"""What is carried (32 bits that stand for it), and the num that carries it, in one number each."""


def index_differences(ours: Searcher, fresh: Searcher) -> list[str]:
    """What `ours` says otherwise than `fresh`, in words, at most 20 lines; [] when they agree on every posting."""
    found: list[str] = []
    for kind in KINDS:
        a, b = _value_bitmaps(ours, kind), _value_bitmaps(fresh, kind)
        for name in sorted(a.keys() | b.keys()):
            mine, right = a.get(name, BitMap()), b.get(name, BitMap())
            if mine != right:
                found.append(_describe(kind, name, len(right - mine), len(mine - right), next(iter(mine ^ right))))
        for (name, mine_), (_, right_) in zip(_posting_pairs(ours, kind), _posting_pairs(fresh, kind), strict=True):
            if not np.array_equal(mine_, right_):
                few, many = np.setdiff1d(right_, mine_), np.setdiff1d(mine_, right_)
                example = int(np.concatenate([few, many])[0]) & 0xFFFFFFFF
                found.append(_describe(kind, name, len(few), len(many), example))
        found += _range_differences(ours, fresh, kind)
    return found[:_MAX_REPORTED]


def _describe(kind: Kind, name: str, few: int, many: int, example: int) -> str:
    return f"index of {kind}: {name} has {few} records too few and {many} too many, such as num {example}"


def _value_bitmaps(searcher: Searcher, kind: Kind) -> dict[str, BitMap]:
    """The sets of all records, of flags and of values, layers merged, under names that two indexes of a log share."""
    merged: dict[str, BitMap] = {}
    for segment, superseded in newest_first(searcher.segments, kind):
        for name, posting in _bitmaps_of_segment(searcher, segment):
            kept = posting if superseded is None else posting - superseded
            if kept:
                merged[name] = merged[name] | kept if name in merged else kept
    return merged


def _bitmaps_of_segment(searcher: Searcher, segment: Segment) -> Iterator[tuple[str, BitMap]]:
    yield "the set of all records", segment.alive
    yield from segment.flags.items()
    for name, postings in segment.values.items():
        keys = searcher.dictionaries[name].keys
        for id_ in postings.ids.tolist():
            yield f"{name} {keys[id_]!r}", postings.get(id_)
    for name, text in segment.texts.items():
        for piece, place in text.pieces.items():
            # A layer without ready sets finds the same by its words: only what both have can be compared.
            index = searcher.text_indexes[name]
            if text.sets[place] != text.words.union(index.words_with(piece)):
                yield f"{name} with the piece {piece!r}, which does not go with its words", text.sets[place]


def _posting_pairs(searcher: Searcher, kind: Kind) -> Iterator[tuple[str, PostingPairs]]:
    """The postings of words, texts, keys and companies, layers merged."""
    segments_of_kind = [
        (segment, None if superseded is None else to_array(superseded))
        for segment, superseded in newest_first(searcher.segments, kind)
    ]
    first = segments_of_kind[0][0]
    for name in sorted(first.texts):  # the order is that in which threads made them
        forward_index = searcher.text_indexes[name].forward_index
        words = hash_texts(forward_index.words)
        texts = forward_index.hashes.whole()
        yield (
            f"{name}, by word,",
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


_HASH_MASK = np.uint64(0xFFFFFFFF00000000)


def _pairs_of(postings: Postings, names: npt.NDArray[Any] | None) -> PostingPairs:
    """The pairs of some postings; `names` has 64 bits for each id, else the id stands for itself."""
    high = np.arange(int(postings.ids.max()) + 1 if len(postings.ids) else 0, dtype=np.uint64) << np.uint64(32)
    if names is not None:
        high = names & _HASH_MASK
    parts = [np.repeat(high[postings.ids], np.diff(postings.offsets)) | postings.nums]
    parts += [high[id_] | to_array(postings.dense[at]) for at, id_ in enumerate(postings.dense_ids.tolist())]
    return np.concatenate(parts)


def _merge_pairs(parts: list[tuple[PostingPairs, Nums | None]]) -> PostingPairs:
    """The pairs of all layers, of whose records none is overruled by a later one."""
    kept = []
    for pairs, superseded in parts:
        if superseded is not None and len(superseded):
            overruled = np.zeros(int((pairs & ~_HASH_MASK).max()) + 1 if len(pairs) else 0, np.bool_)
            overruled[superseded[superseded < len(overruled)]] = True
            pairs = pairs[~overruled[pairs & ~_HASH_MASK]]
        kept.append(pairs)
    return sorted_unique(np.concatenate(kept))


def _range_differences(ours: Searcher, fresh: Searcher, kind: Kind) -> list[str]:
    found = []
    mine, right = _range_values(ours, kind), _range_values(fresh, kind)
    for name in right:
        nums_a, times_a = mine[name]
        nums_b, times_b = right[name]
        if not (np.array_equal(nums_a, nums_b) and np.array_equal(times_a, times_b)):
            found.append(f"index of {kind}: {name} differs in its times")
    return found


def _range_values(searcher: Searcher, kind: Kind) -> dict[str, tuple[Nums, Ints]]:
    """For each time, the live nums ascending and the time of each."""
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
    """The records of a time index and their times; of contacts judged by their company's, each with that one."""
    if index.contacts is None:
        return index.nums, index.times
    assert segment.company is not None and segment.nums is not None
    order = np.argsort(index.nums)
    companies = index.nums[order]
    at = np.minimum(np.searchsorted(companies, segment.company), max(len(companies) - 1, 0))
    held = companies[at] == segment.company if len(companies) else np.zeros(len(segment.company), np.bool_)
    return segment.nums[held], index.times[order][at[held]]
