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

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, distinct, members
from letrics.engines.bitmap.searcher import State
from letrics.engines.bitmap.segment.hash_index import hashes
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import TimeIndex
from letrics.engines.bitmap.segment.segment import Side, covered
from letrics.records import KINDS, Kind

_SHOWN = 20

Pairs = npt.NDArray[np.uint64]
"""What is carried (32 bits that stand for it), and the num that carries it, in one number each."""


def differences(ours: State, fresh: State) -> list[str]:
    """What `ours` says otherwise than `fresh`, in words, at most 20 lines; [] when they agree on every posting."""
    found: list[str] = []
    for kind in KINDS:
        a, b = _sets(ours, kind), _sets(fresh, kind)
        for name in sorted(a.keys() | b.keys()):
            mine, right = a.get(name, BitMap()), b.get(name, BitMap())
            if mine != right:
                found.append(_words(kind, name, len(right - mine), len(mine - right), next(iter(mine ^ right))))
        for (name, mine_), (_, right_) in zip(_pairs(ours, kind), _pairs(fresh, kind), strict=True):
            if not np.array_equal(mine_, right_):
                few, many = np.setdiff1d(right_, mine_), np.setdiff1d(mine_, right_)
                example = int(np.concatenate([few, many])[0]) & 0xFFFFFFFF
                found.append(_words(kind, name, len(few), len(many), example))
        found += _time_differences(ours, fresh, kind)
    return found[:_SHOWN]


def _words(kind: Kind, name: str, few: int, many: int, example: int) -> str:
    return f"index of {kind}: {name} has {few} records too few and {many} too many, such as num {example}"


def _sets(state: State, kind: Kind) -> dict[str, BitMap]:
    """The sets of all records, of flags and of values, layers merged, under names that two indexes of a log share."""
    merged: dict[str, BitMap] = {}
    for side, over in covered(state.layers, kind):
        for name, posting in _sets_of(state, side):
            kept = posting if over is None else posting - over
            if kept:
                merged[name] = merged[name] | kept if name in merged else kept
    return merged


def _sets_of(state: State, side: Side) -> Iterator[tuple[str, BitMap]]:
    yield "the set of all records", side.live
    yield from side.flags.items()
    for name, postings in side.values.items():
        keys = state.vocabularies[name].keys
        for id_ in postings.ids.tolist():
            yield f"{name} {keys[id_]!r}", postings.get(id_)
    for name, text in side.texts.items():
        for piece, place in text.pieces.items():
            # A layer without ready sets finds the same by its words: only what both have can be compared.
            index = state.titles[name]
            if text.sets[place] != text.words.union(index.words_with(piece)):
                yield f"{name} with the piece {piece!r}, which does not go with its words", text.sets[place]


def _pairs(state: State, kind: Kind) -> Iterator[tuple[str, Pairs]]:
    """The postings of words, texts, keys and companies, layers merged."""
    sides = [(side, None if over is None else members(over)) for side, over in covered(state.layers, kind)]
    first = sides[0][0]
    for name in sorted(first.texts):  # the order is that in which threads made them
        book = state.titles[name].book
        words = hashes(book.words)
        texts = book.hashes.whole()
        yield f"{name}, by word,", _merged([(_of(s.texts[name].words, words), over) for s, over in sides])
        yield name, _merged([(_of(s.texts[name].texts, texts), over) for s, over in sides])
    for name in sorted(first.keys):
        parts = [((s.keys[name].hashes & _HIGH) | s.keys[name].nums, over) for s, over in sides]
        yield name, _merged(parts)
    if first.of_company is not None:
        parts = [(_of(s.of_company, None), over) for s, over in sides if s.of_company is not None]
        yield "contacts of a company", _merged(parts)


_HIGH = np.uint64(0xFFFFFFFF00000000)


def _of(postings: Postings, names: npt.NDArray[Any] | None) -> Pairs:
    """The pairs of some postings; `names` has 64 bits for each id, else the id stands for itself."""
    high = np.arange(int(postings.ids.max()) + 1 if len(postings.ids) else 0, dtype=np.uint64) << np.uint64(32)
    if names is not None:
        high = names & _HIGH
    parts = [np.repeat(high[postings.ids], np.diff(postings.offsets)) | postings.nums]
    parts += [high[id_] | members(postings.dense[at]) for at, id_ in enumerate(postings.dense_ids.tolist())]
    return np.concatenate(parts)


def _merged(parts: list[tuple[Pairs, Nums | None]]) -> Pairs:
    """The pairs of all layers, of whose records none is overruled by a later one."""
    kept = []
    for pairs, over in parts:
        if over is not None and len(over):
            overruled = np.zeros(int((pairs & ~_HIGH).max()) + 1 if len(pairs) else 0, np.bool_)
            overruled[over[over < len(overruled)]] = True
            pairs = pairs[~overruled[pairs & ~_HIGH]]
        kept.append(pairs)
    return distinct(np.concatenate(kept))


def _time_differences(ours: State, fresh: State, kind: Kind) -> list[str]:
    found = []
    mine, right = _times(ours, kind), _times(fresh, kind)
    for name in right:
        nums_a, times_a = mine[name]
        nums_b, times_b = right[name]
        if not (np.array_equal(nums_a, nums_b) and np.array_equal(times_a, times_b)):
            found.append(f"index of {kind}: {name} differs in its times")
    return found


def _times(state: State, kind: Kind) -> dict[str, tuple[Nums, Ints]]:
    """For each time, the live nums ascending and the time of each."""
    parts: dict[str, list[tuple[Nums, Ints]]] = {}
    for side, over in covered(state.layers, kind):
        for name, index in side.times.items():
            nums, times = _of_records(side, index)
            keep = np.ones(len(nums), np.bool_)
            if over is not None and len(over):
                keep = ~np.isin(nums, members(over))
            parts.setdefault(name, []).append((nums[keep], times[keep]))
    merged = {}
    for name, pieces in parts.items():
        nums = np.concatenate([nums for nums, _ in pieces])
        times = np.concatenate([times for _, times in pieces])
        order = np.argsort(nums)
        merged[name] = (nums[order], times[order])
    return merged


def _of_records(side: Side, index: TimeIndex) -> tuple[Nums, Ints]:
    """The records of a time index and their times; of contacts judged by their company's, each with that one."""
    if index.contacts is None:
        return index.nums, index.times
    assert side.company is not None and side.nums is not None
    order = np.argsort(index.nums)
    companies = index.nums[order]
    at = np.minimum(np.searchsorted(companies, side.company), max(len(companies) - 1, 0))
    held = companies[at] == side.company if len(companies) else np.zeros(len(side.company), np.bool_)
    return side.nums[held], index.times[order][at[held]]
