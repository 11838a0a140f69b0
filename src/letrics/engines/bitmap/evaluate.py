"""A query on one side of a layer: the smallest set first, the others cut it down, exclusions last.

Evaluation is a generator that yields between clauses, so that its driver can give way to other requests and stop at the
time budget; its return value is the set of hits, not to be changed.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Hashes, Nums, bitmap, members
from letrics.engines.bitmap.employers import companies_of, of_companies
from letrics.engines.bitmap.layer import Side, TextPart
from letrics.engines.bitmap.roaring import Mask, ascending, mask_of
from letrics.engines.bitmap.titles import Needle

_SMALL = 20_000
"""A running set below this size is cut down by each set in turn, instead of by their union."""
_WIDE = 300
"""A clause of so many company values is asked of companies, and their contacts found in one pass over all (15 ms at
ten million);"""
_WIDE_FEW = 12
"""of so many, where only some thousand contacts are left to be looked at."""
_BITS = 200_000
"""To take a set of more members into another costs no more than one of so many: it is bits."""
_LOOKED_UP = 200_000
"""The times of so many hits are looked up one by one, instead of making the set of all between two times."""
_SCATTERED = 2_000_000
"""So many contacts of some companies are found in one pass over all, instead of company by company."""
_GATHERED = 50_000
"""So many records are put together from the texts that contain a needle; more are found by its words."""


@dataclass(frozen=True, slots=True)
class Values:
    """Any of the ids of a values fact."""

    fact: str
    ids: Nums


@dataclass(frozen=True, slots=True)
class Every:
    """All of these."""

    parts: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """Has any of these hashes of a keys fact."""

    fact: str
    hashes: Hashes


@dataclass(frozen=True, slots=True)
class Companies:
    """Is, or is a contact of, any of these companies."""

    nums: Nums


@dataclass(frozen=True, slots=True)
class Texts:
    """Any of the needles says yes."""

    fact: str
    needles: tuple[Needle, ...]


@dataclass(frozen=True, slots=True)
class Flagged:
    """The flag is set."""

    fact: str


@dataclass(frozen=True, slots=True)
class Times:
    """A time or number between two, both inclusive; None is open."""

    fact: str
    low: int | None
    high: int | None


Bound = Values | Every | Keys | Companies | Texts | Flagged | Times
"""A clause with its values turned into ids."""
Steps = Generator[None, None, BitMap]


def evaluate(side: Side, wanted: list[Bound], unwanted: list[Bound], companies: Side | None = None) -> Steps:
    """The live nums of `side` that pass every clause of `wanted` and none of `unwanted`. With `companies`, all that
    contacts have of their company can also be asked of that side."""
    plan: list[tuple[int, int, Bound]] = []
    for at, clause in enumerate(wanted):
        plan.append((_most(side, clause), at, clause))
        yield
    plan.sort(key=lambda step: step[:2])
    if plan and plan[0][0] == 0:
        return BitMap()
    hits: BitMap | None = None
    for _, _, clause in plan:
        wide = _wide(side, companies, clause, hits)
        if hits is not None and isinstance(clause, Times) and len(hits) < _LOOKED_UP:
            hits = _timely(side, clause, hits)
        elif wide is None:
            hits = _cut((yield from _parts(side, clause)), hits)
        else:
            hits = yield from of_companies(side, wide, hits)
        yield
        if not hits:
            return hits
    hits = side.live if hits is None else hits
    for clause in unwanted:
        wide = _wide(side, companies, clause, hits)
        if wide is None:
            hits = _without((yield from _parts(side, clause)), hits)
        else:
            hits = yield from of_companies(side, ~wide, hits)
        yield
    return hits


def _timely(side: Side, clause: Times, hits: BitMap) -> BitMap:
    """The members of `hits` that lie between two times, each looked up."""
    index, asked = side.times[clause.fact], members(hits)
    of = asked if index.contacts is None else companies_of(side, asked)
    return ascending(asked[index.those(clause.low, clause.high, of)])


def _wide(side: Side, companies: Side | None, clause: Bound, hits: BitMap | None) -> Mask | None:
    """Which companies pass a clause that is wide: it has so many values that their companies, or the companies of the
    hits so far, are found faster than all contacts of those. None where it is not."""
    if side.of_company is None or not len(side.of_company.ids):
        return None
    few = hits is not None and len(hits) < _SMALL
    if isinstance(clause, Companies) and side.of_company.count(clause.nums) >= (_SMALL if few else _SCATTERED):
        size = int(side.of_company.ids[-1]) + 1
        mask = np.zeros(size, np.bool_)
        mask[clause.nums[clause.nums < size]] = True
        return mask
    if companies is None or not isinstance(clause, Values) or clause.fact not in companies.values:
        return None
    if len(clause.ids) < (_WIDE_FEW if few else _WIDE):
        return None
    return mask_of(companies.values[clause.fact].union(clause.ids), int(companies.covers.max()) + 1)


def _parts(side: Side, clause: Bound) -> Generator[None, None, list[BitMap]]:
    """As `parts`, in steps where there are many needles."""
    if not isinstance(clause, Texts):
        return parts(side, clause)
    found: list[BitMap] = []
    for needle in clause.needles:
        found += parts_of_needle(side.texts[clause.fact], needle)
        yield
    return found


def _most(side: Side, clause: Bound) -> int:
    """At most how many nums pass the clause."""
    match clause:
        case Values(fact, ids):
            return side.values[fact].count(ids)
        case Every(every):
            return min((_most(side, part) for part in every), default=0)
        case Keys(fact, asked):
            return len(side.keys[fact].nums_of(asked)[1])
        case Companies(nums):
            return side.of_company.count(nums) if side.of_company is not None else len(nums)
        case Texts(fact, needles):
            part = side.texts[fact]
            return sum(_most_of_needle(part, needle) for needle in needles)
        case Flagged(fact):
            return len(side.flags[fact])
        case Times(fact, low, high):
            return side.times[fact].count(low, high)
        case _:
            assert_never(clause)


def _most_of_needle(part: TextPart, needle: Needle) -> int:
    if needle.text in part.pieces:
        return len(part.sets[part.pieces[needle.text]])
    if needle.by_word:
        return part.words.count(needle.ids)
    return part.texts.count(needle.ids)


def parts(side: Side, clause: Bound) -> list[BitMap]:
    """Sets whose union are the nums that pass the clause."""
    match clause:
        case Values(fact, ids):
            return side.values[fact].parts(ids)
        case Every(every):
            hits: BitMap | None = None
            for part in every:
                hits = _cut(parts(side, part), hits)
            return [] if hits is None else [hits]
        case Keys(fact, asked):
            return [bitmap(side.keys[fact].nums_of(asked)[1])]
        case Companies(nums):
            if side.of_company is not None:
                return side.of_company.parts(nums)
            return [bitmap(nums) & side.live]
        case Texts(fact, needles):
            text = side.texts[fact]
            return [part for needle in needles for part in parts_of_needle(text, needle)]
        case Flagged(fact):
            return [side.flags[fact]]
        case Times(fact, low, high):
            return [side.times[fact].between(low, high)]
        case _:
            assert_never(clause)


def parts_of_needle(part: TextPart, needle: Needle) -> list[BitMap]:
    """Sets whose union are the nums whose text contains the needle."""
    if needle.text in part.pieces:
        return [part.sets[part.pieces[needle.text]]]
    if needle.by_word:
        return part.words.parts(needle.ids)
    if part.texts.count(needle.ids) <= _GATHERED:
        return part.texts.parts(needle.ids)
    # Many records: those that have all its words, less those whose text has them in another order.
    hits: BitMap | None = None
    for group in needle.groups:
        hits = _cut(part.words.parts(group), hits)
    assert hits is not None
    return [_without(part.texts.parts(needle.failing), hits)]


def _cut(parts: list[BitMap], hits: BitMap | None) -> BitMap:
    """The members of `hits` (None: of everything) in any of the parts."""
    if len(parts) == 1:
        return parts[0] if hits is None else hits & parts[0]
    if not parts:
        return BitMap()
    if hits is not None and (len(hits) < _SMALL or len(hits) * len(parts) < sum(min(len(p), _BITS) for p in parts)):
        return BitMap.union(*[hits & part for part in parts])
    union = BitMap.union(*sorted(parts, key=len, reverse=True))  # the largest take the others in
    return union if hits is None else hits & union


def _without(parts: list[BitMap], hits: BitMap) -> BitMap:
    """The members of `hits` in none of the parts."""
    if len(parts) > 1 and len(hits) >= _SMALL:
        return hits - BitMap.union(*parts)
    for part in parts:
        hits = hits - part
    return hits
