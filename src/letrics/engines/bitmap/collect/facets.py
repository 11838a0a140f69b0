"""Facet collector: how many of the matching records have each value of a fact.

Frequent values are counted as the size of an intersection, all rare ones together through one mask. The functions are
generators that yield between slices of work.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.base import ValueCount
from letrics.engines.bitmap.kernel.arrays import Ints
from letrics.engines.bitmap.kernel.roaring import bitmap_to_mask_in_steps
from letrics.engines.bitmap.searcher import Searcher
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.segment import Segment, newest_first
from letrics.fields import Fact
from letrics.records import Kind

CountSteps = Generator[None, None, list[ValueCount]]
"""Yields between slices of work and returns values with their counts."""


def facet(searcher: Searcher, kind: Kind, fact: Fact, matches: BitMap, size: int) -> CountSteps:
    """The `size` most common values among the matches, the most common first, then by text."""
    counts = yield from count_matches(searcher, kind, fact, matches)
    labels = labels_of(searcher, fact)
    if fact.facet_key is not None:
        keys, counted = searcher.dictionaries[fact.name].keys, np.flatnonzero(counts)
        step = searcher.costs.texts_per_step
        for start in range(0, len(counted), step):
            ids_of_slice = counted[start : start + step].tolist()
            counts[[id_ for id_ in ids_of_slice if not fact.facet_key(keys[id_])]] = 0
            yield
    ids = yield from _most_common(counts, size, searcher.costs.nums_per_step)
    ranked = sorted((-int(counts[id_]), labels[id_] or "", id_) for id_ in ids.tolist() if labels[id_])
    return [ValueCount(text, -count) for count, text, _ in ranked[:size]]


def _most_common(counts: Ints, size: int, step: int) -> Generator[None, None, Ints]:
    """The ids with the `size` largest counts above 0, and all ties with the last one: their texts decide. Yields after
    every `step` counts."""
    least = 1
    best = np.zeros(0, np.int64)
    for start in range(0, len(counts), step):
        best = np.concatenate([best, np.flatnonzero(counts[start : start + step] >= least) + start])
        if len(best) > size:
            least = int(np.partition(counts[best], len(best) - size)[len(best) - size])
            best = best[counts[best] >= least]
        yield
    return best


def labels_of(searcher: Searcher, fact: Fact) -> Sequence[Any]:
    """The label of each id of a fact."""
    return (
        searcher.text_indexes[fact.name].forward_index
        if fact.kind == "text"
        else searcher.dictionaries[fact.name].labels
    )


def _postings(segment: Segment, fact: Fact) -> Postings:
    return segment.texts[fact.name].texts if fact.kind == "text" else segment.values[fact.name]


def count_matches(searcher: Searcher, kind: Kind, fact: Fact, matches: BitMap) -> Generator[None, None, Ints]:
    """The number of matches that have each id of the fact."""
    counts = np.zeros(len(labels_of(searcher, fact)), dtype=np.int64)
    for segment, superseded in newest_first(searcher.segments, kind):
        part = matches if superseded is None else matches - superseded
        if not part:
            continue
        postings = _postings(segment, fact)
        if superseded is None and part == segment.alive:
            counts[postings.ids] += postings.counts
            continue
        for done, id_ in enumerate(postings.dense_ids.tolist()):
            counts[id_] += postings.dense[done].intersection_cardinality(part)
            yield
        yield
        if len(postings.nums):
            mask = yield from bitmap_to_mask_in_steps(
                part, max(part.max(), segment.alive.max()) + 1, searcher.costs.nums_per_step
            )
            yield
            yield from _count_rare(postings, mask, counts, searcher.costs.nums_per_step)
    return counts


def _count_rare(
    postings: Postings, mask: npt.NDArray[np.bool_], counts: Ints, step: int
) -> Generator[None, None, None]:
    """Add, for each id that is a slice, the number of its nums that are in the mask. Yields after about `step` nums."""
    offsets = postings.offsets
    edges = np.searchsorted(offsets, np.arange(0, int(offsets[-1]), step)).tolist()
    for first, last in itertools.pairwise(dict.fromkeys([0, *edges, len(postings.ids)])):
        start = offsets[first]
        before = np.r_[0, np.cumsum(mask[postings.nums[start : offsets[last]]], dtype=np.int64)]
        counts[postings.ids[first:last]] += (
            before[offsets[first + 1 : last + 1] - start] - before[offsets[first:last] - start]
        )
        yield
