"""Two indexes compared: which of their answers differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Ints, Nums, bitmap, members
from letrics.engines.bitmap.layer import Side, covered
from letrics.engines.bitmap.state import State
from letrics.engines.bitmap.times import TimeIndex
from letrics.records import KINDS, Kind

_SHOWN = 20


def differences(ours: State, fresh: State) -> list[str]:
    """What `ours` says otherwise than `fresh`, in words, at most 20 lines; [] when they agree on every posting."""
    found: list[str] = []
    for kind in KINDS:
        a, b = _postings(ours, kind), _postings(fresh, kind)
        for name in sorted(a.keys() | b.keys()):
            mine, right = a.get(name, BitMap()), b.get(name, BitMap())
            if mine != right:
                extra, missing = len(mine - right), len(right - mine)
                example = next(iter(mine ^ right))
                found.append(
                    f"index of {kind}: {name} has {missing} records too few and {extra} too many, such as num {example}"
                )
        found += _time_differences(ours, fresh, kind)
    return found[:_SHOWN]


def _postings(state: State, kind: Kind) -> dict[str, BitMap]:
    """Every posting of the merged layers, under a name that two indexes of the same log share."""
    merged: dict[str, BitMap] = {}
    for side, over in covered(state.layers, kind):
        for name, posting in _of_side(state, side):
            kept = posting if over is None else posting - over
            if kept:
                merged[name] = merged[name] | kept if name in merged else kept
    return merged


def _of_side(state: State, side: Side) -> Iterator[tuple[str, BitMap]]:

    yield "the set of all records", side.live
    for name, flag in side.flags.items():
        yield name, flag
    for name, postings in side.values.items():
        keys = state.vocabularies[name].keys
        for id_ in postings.ids.tolist():
            yield f"{name} {keys[id_]!r}", postings.get(id_)
    for name, text in side.texts.items():
        book = state.titles[name].book
        for id_ in text.words.ids.tolist():
            yield f"{name} word {book.words[id_]!r}", text.words.get(id_)
        for id_ in text.texts.ids.tolist():
            yield f"{name} {book[id_]!r}", text.texts.get(id_)
    for name, table in side.keys.items():
        starts = np.flatnonzero(np.r_[True, table.hashes[1:] != table.hashes[:-1]][: len(table.hashes)])
        for start, nums in zip(starts, np.split(table.nums, starts[1:]), strict=False):
            yield f"{name} of hash {table.hashes[start]}", bitmap(nums)
    if side.of_company is not None:
        for id_ in side.of_company.ids.tolist():
            yield f"contacts of company num {id_}", side.of_company.get(id_)


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
