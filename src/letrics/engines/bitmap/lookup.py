"""Clauses that few hits are looked up for, one by one, instead of making the set of all that pass.

What a hit's company carries is a mask of companies, which have a tenth of the records; where a time stands among all is
an array. The company of each hit is found once for all such clauses: it is what takes the time (40 ns a hit).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

from pyroaring import BitMap

from letrics.engines.bitmap.arrays import Ints, Nums, members
from letrics.engines.bitmap.bounds import Bound, Times, Values
from letrics.engines.bitmap.employers import companies_of
from letrics.engines.bitmap.layer import Side
from letrics.engines.bitmap.roaring import Mask, ascending, mask_of

_LOOKED_UP: Final = 60_000
"""So many hits for each clause take less time than the sets of clauses that pass for millions."""
_MOST: Final = 120_000
"""More are never looked up."""
_VALUES: Final = 4
"""A clause of fewer values is a few sets, which are quickly cut."""


def worth_looking_up(side: Side, companies: Side | None, clauses: Sequence[Bound], hits: BitMap) -> list[Bound]:
    """Those of the clauses that the hits are better looked up for, together. `companies` as in `evaluate`."""
    if not clauses or len(hits) >= _MOST:
        return []
    some = [clause for clause in clauses if _can(side, companies, clause)]
    return some if len(hits) < _LOOKED_UP * len(some) else []


def _can(side: Side, companies: Side | None, clause: Bound) -> bool:
    if isinstance(clause, Times):
        index = side.times[clause.fact]
        return len(index.ranks) > 0 and index.count(clause.low, clause.high) > _LOOKED_UP
    if companies is None or not companies.covers or not isinstance(clause, Values):
        return False
    return clause.fact in companies.values and len(clause.ids) >= _VALUES


def company_mask(companies: Side, fact: str, ids: Nums) -> Mask:
    """Which companies have one of the values."""
    return mask_of(companies.values[fact].union(ids), int(companies.covers.max()) + 1)


def look_up(
    side: Side, companies: Side | None, clauses: list[Bound], hits: BitMap, wanted: bool = True
) -> Generator[None, None, BitMap]:
    """Those of `hits` that pass every one of the clauses (of `worth_looking_up`), or none where they are not wanted;
    in steps."""
    asked = members(hits)
    company = companies_of(side, asked) if side.company is not None else None
    yield
    for clause in clauses:
        if isinstance(clause, Times):
            index = side.times[clause.fact]
            passed = index.those(clause.low, clause.high, asked if index.contacts is None else _given(company))
        else:
            assert companies is not None and isinstance(clause, Values)
            passed = company_mask(companies, clause.fact, clause.ids)[_given(company)]
        kept = passed if wanted else ~passed
        asked = asked[kept]
        company = None if company is None else company[kept]
        yield
    return ascending(asked)


def _given(company: Ints | None) -> Ints:
    assert company is not None
    return company
