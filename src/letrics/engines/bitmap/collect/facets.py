"""Facets: how many of some records carry each value; and the values of a fact, found as they are typed.

Values on many records are counted by the size of an intersection, all the rare ones together through one mask. Both
are generators that yield between slices of work.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Sequence
from typing import Any, Final

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
from letrics.normalize.text import fold
from letrics.query.clauses import Query
from letrics.records import Kind

CountSteps = Generator[None, None, list[ValueCount]]
_BITMAPS_PER_STEP: Final = 2
"""So many sets are unpacked and counted in a millisecond or two, as are"""
_NUMS_PER_STEP: Final = 60_000
"""so many nums in slices."""
_TEXTS_PER_STEP: Final = 4096
"""So many texts or keys are looked at in about a millisecond."""
_MAX_VALUES_PER_LABEL: Final = 4
"""So many values at most share a text (a city and a region of one name)."""


def facet(searcher: Searcher, kind: Kind, fact: Fact, matches: BitMap, size: int) -> CountSteps:
    """The `size` values most of the `hits` carry, commonest first, then by text."""
    counts = yield from _count(searcher, kind, fact, matches)
    shown = _labels(searcher, fact)
    if fact.facet_key is not None:
        keys, existing = searcher.dictionaries[fact.name].keys, np.flatnonzero(counts)
        for start in range(0, len(existing), _TEXTS_PER_STEP):
            some = existing[start : start + _TEXTS_PER_STEP].tolist()
            counts[[id_ for id_ in some if not fact.facet_key(keys[id_])]] = 0
            yield
    ids = yield from _most_common(counts, size)
    ranked = sorted((-int(counts[id_]), shown[id_] or "", id_) for id_ in ids.tolist() if shown[id_])
    return [ValueCount(text, -count) for count, text, _ in ranked[:size]]


def _most_common(counts: Ints, size: int) -> Generator[None, None, Ints]:
    """The ids with the `size` largest counts above 0, and all that tie with the last: texts decide between them."""
    least = 1
    best = np.zeros(0, np.int64)
    for start in range(0, len(counts), _NUMS_PER_STEP):
        best = np.concatenate([best, np.flatnonzero(counts[start : start + _NUMS_PER_STEP] >= least) + start])
        if len(best) > size:
            least = int(np.partition(counts[best], len(best) - size)[len(best) - size])
            best = best[counts[best] >= least]
        yield
    return best


def _labels(searcher: Searcher, fact: Fact) -> Sequence[Any]:
    return (
        searcher.text_indexes[fact.name].forward_index
        if fact.kind == "text"
        else searcher.dictionaries[fact.name].labels
    )


def _postings(segment: Segment, fact: Fact) -> Postings:
    return segment.texts[fact.name].texts if fact.kind == "text" else segment.values[fact.name]


def _count(searcher: Searcher, kind: Kind, fact: Fact, matches: BitMap) -> Generator[None, None, Ints]:
    """For each id of the fact, how many of the hits carry it."""
    counts = np.zeros(len(_labels(searcher, fact)), dtype=np.int64)
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
            if done % _BITMAPS_PER_STEP == 0:
                yield
        yield
        if len(postings.nums):
            mask = yield from bitmap_to_mask_in_steps(part, max(part.max(), segment.alive.max()) + 1)
            yield
            yield from _count_rare(postings, mask, counts)
    return counts


def _count_rare(postings: Postings, mask: npt.NDArray[np.bool_], counts: Ints) -> Generator[None, None, None]:
    """Add how many of the masked nums carry each of the ids kept in slices, some at a time."""
    offsets = postings.offsets
    edges = np.searchsorted(offsets, np.arange(0, int(offsets[-1]), _NUMS_PER_STEP)).tolist()
    for first, last in itertools.pairwise(dict.fromkeys([0, *edges, len(postings.ids)])):
        start = offsets[first]
        before = np.r_[0, np.cumsum(mask[postings.nums[start : offsets[last]]], dtype=np.int64)]
        counts[postings.ids[first:last]] += (
            before[offsets[first + 1 : last + 1] - start] - before[offsets[first:last] - start]
        )
        yield


def find_values(searcher: Searcher, kind: Kind, fact: Fact, typed: str, limit: int) -> CountSteps:
    """Up to `limit` values that records of the kind carry and that go with what was typed: the whole value before one
    that begins with it, before one with a word that does, before one that has it anywhere, before merely near ones;
    among equals the commonest first."""
    wanted = fold(typed)
    if not wanted:
        everything = yield from searcher.matches(Query(kind))
        return (yield from facet(searcher, kind, fact, everything, limit))
    ids, ranks = yield from _matching(searcher, fact, wanted)
    everything = yield from searcher.matches(Query(kind))
    counts = (yield from _count(searcher, kind, fact, everything))[ids]
    ids, ranks, counts = ids[counts > 0], ranks[counts > 0], counts[counts > 0]
    order = (ranks << 32) - counts
    most = _MAX_VALUES_PER_LABEL * limit
    if len(ids) > most:  # all that tie with the last are kept until texts decide
        kept = order <= np.partition(order, most)[most]
        ids, order, counts = ids[kept], order[kept], counts[kept]
    shown = _labels(searcher, fact)
    texts = [str(shown[id_]) for id_ in ids.tolist()]
    best: dict[str, int] = {}
    for _, text, count in sorted(zip(order.tolist(), texts, counts.tolist(), strict=True)):
        best.setdefault(text, count)
    return [ValueCount(text, count) for text, count in best.items()][:limit]


def _matching(searcher: Searcher, fact: Fact, wanted: str) -> Generator[None, None, tuple[Ints, Ints]]:
    """Ids of values that have the typed text, and how well each does (0 best)."""
    if fact.kind == "text":
        index = searcher.text_indexes[fact.name]
        needle = index.resolve(wanted)
        yield
        found = index.texts_of_words(needle.ids) if needle.by_word else needle.ids
        places: list[Ints] = []
        for start in range(0, len(found), _TEXTS_PER_STEP):
            yield
            places.append(index.ranks(wanted, found[start : start + _TEXTS_PER_STEP]))
        return found.astype(np.int64), np.concatenate([np.zeros(0, np.int64), *places])
    dictionary = searcher.dictionaries[fact.name]
    texts, shown = dictionary.folded, dictionary.labels
    yield
    ids: list[int] = []
    ranks: list[int] = []
    for id_ in range(len(dictionary)):
        text = texts[id_]
        if wanted in text and shown[id_]:
            ids.append(id_)
            ranks.append(_rank(text, wanted))
        if id_ % _TEXTS_PER_STEP == 0:
            yield
    if not ids:
        for rank, near in enumerate(dictionary.near(wanted, lambda _: True, 10), 4):
            same = dictionary.find([fact.key(near)]).tolist()
            ids += same
            ranks += [rank] * len(same)
    return np.array(ids, dtype=np.int64), np.array(ranks, dtype=np.int64)


def _rank(text: str, wanted: str) -> int:
    if text == wanted:
        return 0
    if text.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in text else 3
