"""A query on one side of a layer: the smallest set first, the others cut it down, exclusions last.

Evaluation is a generator that yields between clauses, so that its driver can give way to other requests and stop at the
time budget; its return value is the set of hits, not to be changed.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import assert_never

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import bitmap
from letrics.engines.bitmap.kernel.roaring import LISTED, Mask, containers_of, union
from letrics.engines.bitmap.query.bitset_conjunction import broad_ones, of_broad
from letrics.engines.bitmap.query.doc_values_filter import company_mask, look_up, worth_looking_up
from letrics.engines.bitmap.query.join import ALL, of_companies
from letrics.engines.bitmap.query.nodes import Bound, Companies, Every, Flagged, Keys, Made, Texts, Times, Values
from letrics.engines.bitmap.segment.segment import Side, TextPart
from letrics.engines.bitmap.text.text_index import Needle

_SMALL = 650
"""A running set of fewer hits a container is cut down by each set in turn, instead of by their union;"""
_MIDDLING = 2_600
"""and one of so many by a few thin sets."""
_FEW_SETS = 4
_FEW = 20_000
"""Contacts of companies are looked up for so few hits."""
_WIDE = 300
"""A clause of so many company values is asked of companies, and their contacts found in one pass over all (15 ms at
ten million)."""
_SCATTERED = 2_000_000
"""So many contacts of some companies are found in one pass over all, instead of company by company."""
_GATHERED = 50_000
"""So many records are put together from the texts that contain a needle; more are found by its words."""

Steps = Generator[None, None, BitMap]


def evaluate(side: Side, wanted: list[Bound], unwanted: list[Bound], companies: Side | None = None) -> Steps:
    """The live nums of `side` that pass every clause of `wanted` and none of `unwanted`. With `companies`, all that
    contacts have of their company can also be asked of that side."""
    wanted, due = _met_before(side, wanted)
    plan: list[tuple[int, int, Bound]] = []
    for at, clause in enumerate(wanted):
        plan.append((_most(side, clause), at, clause))
        yield
    plan.sort(key=lambda step: step[:2])
    if plan and plan[0][0] == 0:
        return BitMap()
    hits: BitMap | None = None
    left = [clause for _, _, clause in plan]
    while left:
        if hits is not None and (some := worth_looking_up(side, companies, left, hits)):
            hits = yield from look_up(side, companies, some, hits)
            left = [clause for clause in left if clause not in some]
        elif not _are_few(hits) and (together := broad_ones(side, [one for one in left if one not in due])):
            hits = _cut([(yield from of_broad(side, together))], hits)
            taken = [broad.clause for broad in together]
            left = [clause for clause in left if clause not in taken]
        else:
            clause = left.pop(0)
            wide = _wide(side, companies, clause, hits)
            if clause in due and _worth_keeping(side, wide, hits):
                hits = _cut([(yield from _made(side, clause, wide))], hits)
            elif wide is None:
                hits = _cut((yield from _parts(side, clause, _are_few(hits))), hits)
            else:
                hits = yield from of_companies(side, wide, hits)
        yield
        if not hits:
            return hits
    hits = side.live if hits is None else hits
    left, due = _met_before(side, unwanted)
    if some := worth_looking_up(side, companies, left, hits):
        hits = yield from look_up(side, companies, some, hits, wanted=False)
        left = [clause for clause in left if clause not in some]
    for clause in left:
        wide = _wide(side, companies, clause, hits)
        if clause in due and _worth_keeping(side, wide, hits):
            hits = _without([(yield from _made(side, clause, wide))], hits)
        elif wide is None:
            hits = _without((yield from _parts(side, clause, _are_few(hits))), hits)
        else:
            hits = yield from of_companies(side, ~wide, hits)
        yield
    return hits


def _met_before(side: Side, clauses: list[Bound]) -> tuple[list[Bound], list[Bound]]:
    """The clauses, with their sets where those are kept; and those of them whose sets are to be kept when made."""
    if side.kept is None:
        return clauses[:], []
    known = [side.kept.known(clause) for clause in clauses]
    return [clause for clause, _ in known], [clause for clause, due in known if due]


def _worth_keeping(side: Side, wide: Mask | None, hits: BitMap | None) -> bool:
    """Whether the whole set of a clause is made in about the time that it takes for the hits alone."""
    return not _are_few(hits) if wide is None else hits is None or len(hits) * ALL >= len(side.live)


def _made(side: Side, clause: Bound, wide: Mask | None) -> Steps:
    """The whole set of a clause, which is kept from now on."""
    assert side.kept is not None
    if wide is None:
        made = union((yield from _parts(side, clause, apart=False)))
    else:
        made = yield from of_companies(side, wide, None)
    side.kept.keep(clause, made)
    return made


def _wide(side: Side, companies: Side | None, clause: Bound, hits: BitMap | None) -> Mask | None:
    """Which companies pass a clause that is wide: it has so many values that their contacts are found faster in one
    pass over all. None where it is not."""
    if side.of_company is None or not len(side.of_company.ids):
        return None
    if isinstance(clause, Companies):
        few = hits is not None and len(hits) < _FEW
        if side.of_company.count(clause.nums) < (_FEW if few else _SCATTERED):
            return None
        mask = np.zeros(int(side.of_company.ids[-1]) + 1, np.bool_)
        mask[clause.nums[clause.nums < len(mask)]] = True
        return mask
    if companies is None or not isinstance(clause, Values) or clause.fact not in companies.values:
        return None
    return None if len(clause.ids) < _WIDE else company_mask(companies, clause.fact, clause.ids)


def _parts(side: Side, clause: Bound, apart: bool) -> Generator[None, None, list[BitMap]]:
    """As `parts`, in steps where there are many needles."""
    if not isinstance(clause, Texts):
        return parts(side, clause, apart)
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
        case Made(nums):
            return len(nums)
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


def parts(side: Side, clause: Bound, apart: bool = False) -> list[BitMap]:
    """Sets whose union are the nums that pass the clause; `apart`: those of frequent values each by itself."""
    match clause:
        case Values(fact, ids):
            return side.values[fact].parts(ids, apart)
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
        case Made(nums):
            return [nums]
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
    if not needle.groups or part.texts.scattered(needle.ids) <= _GATHERED:
        return part.texts.parts(needle.ids)
    # Many records: those that have all its words, less those whose text has them in another order.
    hits: BitMap | None = None
    for group in needle.groups:
        hits = _cut(part.words.parts(group), hits)
    assert hits is not None
    return [_without(part.texts.parts(needle.failing), hits)]


def _cut(parts: list[BitMap], hits: BitMap | None) -> BitMap:
    """The members of `hits` (None: of everything) in any of the parts."""
    if hits is None:
        return union(parts)
    if _one_by_one(parts, hits):
        return union([hits & part for part in parts])
    return hits & union(parts)


def _without(parts: list[BitMap], hits: BitMap) -> BitMap:
    """The members of `hits` in none of the parts."""
    if not _one_by_one(parts, hits):
        return hits - union(parts)
    for part in parts:
        hits = hits - part
    return hits


def _one_by_one(parts: list[BitMap], hits: BitMap) -> bool:
    """Whether each of the parts is better held against the hits by itself: measured, see benchmarks/NOTES.md."""
    if len(parts) == 1 or _are_few(hits):
        return True
    containers = containers_of(hits)
    if len(hits) >= _MIDDLING * containers or len(parts) > _FEW_SETS:
        return False
    sizes = [len(part) for part in parts]
    return max(sizes, default=0) < LISTED * containers and sum(sizes) > 2 * len(hits)


def _are_few(hits: BitMap | None) -> bool:
    return hits is not None and (not hits or len(hits) < _SMALL * containers_of(hits))
