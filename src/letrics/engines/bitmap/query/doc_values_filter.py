"""Clauses that few hits are looked up for, one by one, instead of making the set of all that pass.

What a hit's company carries is a mask of companies, which have a tenth of the records; where a time stands among all is
an array. The company of each hit is found once for all such clauses: jumping about in an array of 80 MB is what takes
the time.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, members
from letrics.engines.bitmap.kernel.roaring import LISTED, Mask, ascending, containers_of, mask_of
from letrics.engines.bitmap.query.join import companies_of
from letrics.engines.bitmap.query.nodes import Bound, Times, Values
from letrics.engines.bitmap.segment.segment import Side

_MOST: Final = 120_000
"""Hits that may be looked up: for more the sets are always quicker."""

# What each way takes, in nanoseconds, measured at ten million contacts (153 containers).
_JUMP: Final = 45.0
"""To a hit's place in a large array."""
_HIT: Final = 1.5
"""To hold a set against the hits, for each hit,"""
_NUMBER: Final = 0.2
"""for each number of a set that is a list of them, which is at most `LISTED` a container,"""
_CONTAINER: Final = 330.0
"""and for each container."""
_MASK: Final = 10_000.0
"""To make the mask of companies that have one of some values, for each container of contacts;"""
_RANGE: Final = 8_000.0
"""and to make the set of a range of times."""


def worth_looking_up(side: Side, companies: Side | None, clauses: Sequence[Bound], hits: BitMap) -> list[Bound]:
    """Those of the clauses that the hits are better looked up for, together. `companies` as in `evaluate`."""
    if not clauses or not 0 < len(hits) < _MOST:
        return []
    containers = containers_of(hits)
    some: list[Bound] = []
    by_company, looked_up, as_sets = False, 0.0, 0.0
    for clause in clauses:
        if isinstance(clause, Times):
            index = side.times[clause.fact]
            if not len(index.ranks):
                continue
            by_company |= index.contacts is not None
            looked_up += _JUMP * len(hits)
            as_sets += _RANGE * containers
        elif isinstance(clause, Values) and companies is not None and companies.covers:
            if clause.fact not in companies.values:
                continue
            by_company = True
            looked_up += _MASK * containers
            numbers = np.minimum(side.values[clause.fact].count_each(clause.ids), LISTED * containers).sum()
            as_sets += len(clause.ids) * (_CONTAINER * containers + _HIT * len(hits)) + _NUMBER * float(numbers)
        else:
            continue
        some.append(clause)
    return some if looked_up + by_company * _JUMP * len(hits) < as_sets else []


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
