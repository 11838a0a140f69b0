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

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, to_array
from letrics.engines.bitmap.kernel.roaring import (
    MAX_ARRAY_CONTAINER,
    Mask,
    bitmap_of_sorted,
    bitmap_to_mask,
    container_count,
)
from letrics.engines.bitmap.query.join import companies_of_contacts
from letrics.engines.bitmap.query.nodes import QueryNode, RangeNode, TermsNode
from letrics.engines.bitmap.segment.segment import Segment

_MAX_FILTERED_MATCHES: Final = 120_000
"""Hits that may be looked up: for more the sets are always quicker."""

# What each way takes, in nanoseconds, measured at ten million contacts (153 containers).
_COST_PER_JUMP_NS: Final = 45.0
"""To a hit's place in a large array."""
_COST_PER_MATCH_NS: Final = 1.5
"""To hold a set against the hits, for each hit,"""
_COST_PER_ARRAY_ELEMENT_NS: Final = 0.2
"""for each number of a set that is a list of them, which is at most `LISTED` a container,"""
_COST_PER_CONTAINER_NS: Final = 330.0
"""and for each container."""
_COST_OF_MASK_PER_CONTAINER_NS: Final = 10_000.0
"""To make the mask of companies that have one of some values, for each container of contacts;"""
_COST_OF_RANGE_PER_CONTAINER_NS: Final = 8_000.0
"""and to make the set of a range of times."""


def cheaper_by_columns(
    segment: Segment, companies: Segment | None, clauses: Sequence[QueryNode], matches: BitMap
) -> list[QueryNode]:
    """Those of the clauses that the hits are better looked up for, together. `companies` as in `evaluate`."""
    if not clauses or not 0 < len(matches) < _MAX_FILTERED_MATCHES:
        return []
    containers = container_count(matches)
    some: list[QueryNode] = []
    by_company, looked_up, as_sets = False, 0.0, 0.0
    for clause in clauses:
        if isinstance(clause, RangeNode):
            index = segment.times[clause.fact]
            if not len(index.ranks):
                continue
            by_company |= index.contacts is not None
            looked_up += _COST_PER_JUMP_NS * len(matches)
            as_sets += _COST_OF_RANGE_PER_CONTAINER_NS * containers
        elif isinstance(clause, TermsNode) and companies is not None and companies.covers:
            if clause.fact not in companies.values:
                continue
            by_company = True
            looked_up += _COST_OF_MASK_PER_CONTAINER_NS * containers
            numbers = np.minimum(
                segment.values[clause.fact].count_each(clause.ids), MAX_ARRAY_CONTAINER * containers
            ).sum()
            as_sets += len(clause.ids) * (
                _COST_PER_CONTAINER_NS * containers + _COST_PER_MATCH_NS * len(matches)
            ) + _COST_PER_ARRAY_ELEMENT_NS * float(numbers)
        else:
            continue
        some.append(clause)
    return some if looked_up + by_company * _COST_PER_JUMP_NS * len(matches) < as_sets else []


def company_mask(companies: Segment, fact: str, ids: Nums) -> Mask:
    """Which companies have one of the values."""
    return bitmap_to_mask(companies.values[fact].union(ids), int(companies.covers.max()) + 1)


def filter_by_columns(
    segment: Segment, companies: Segment | None, clauses: list[QueryNode], matches: BitMap, must: bool = True
) -> Generator[None, None, BitMap]:
    """Those of `hits` that pass every one of the clauses (of `worth_looking_up`), or none where they are not wanted;
    in steps."""
    asked = to_array(matches)
    company = companies_of_contacts(segment, asked) if segment.company is not None else None
    yield
    for clause in clauses:
        if isinstance(clause, RangeNode):
            index = segment.times[clause.fact]
            passed = index.matches_range(
                clause.low, clause.high, asked if index.contacts is None else _required(company)
            )
        else:
            assert companies is not None and isinstance(clause, TermsNode)
            passed = company_mask(companies, clause.fact, clause.ids)[_required(company)]
        kept = passed if must else ~passed
        asked = asked[kept]
        company = None if company is None else company[kept]
        yield
    return bitmap_of_sorted(asked)


def _required(company: Ints | None) -> Ints:
    assert company is not None
    return company
