"""Doc-values filter: checks a few matches against a clause by column, instead of intersecting them with its postings.

Terms of a contact's company are a mask of companies, of which there are a tenth as many; times are ranks in a range
index. The company of each match is looked up once for all clauses, because random access to an array of 80 MB is most
of the cost.
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
"""Maximum matches to filter by column. For more, postings are always faster."""

_COST_PER_JUMP_NS: Final = 45.0
"""Cost of a random access to a large array, in nanoseconds. This and the other costs were measured at ten million
contacts (153 containers)."""
_COST_PER_MATCH_NS: Final = 1.5
"""Cost, per match, of intersecting the matches with one posting, in nanoseconds."""
_COST_PER_ARRAY_ELEMENT_NS: Final = 0.2
"""Cost, per number in array containers of a posting, of intersecting the matches with it, in nanoseconds. A container
counts with at most `MAX_ARRAY_CONTAINER` numbers."""
_COST_PER_CONTAINER_NS: Final = 330.0
"""Cost, per container, of intersecting the matches with one posting, in nanoseconds."""
_COST_OF_MASK_PER_CONTAINER_NS: Final = 10_000.0
"""Cost, per container of contacts, of making the mask of companies that have one of the terms, in nanoseconds."""
_COST_OF_RANGE_PER_CONTAINER_NS: Final = 8_000.0
"""Cost, per container, of making the bitmap of a range, in nanoseconds."""


def cheaper_by_columns(
    segment: Segment, companies: Segment | None, clauses: Sequence[QueryNode], matches: BitMap
) -> list[QueryNode]:
    """Those of the clauses that are cheaper to check by column, all together. `companies` as in `execute`."""
    if not clauses or not 0 < len(matches) < _MAX_FILTERED_MATCHES:
        return []
    containers = container_count(matches)
    chosen: list[QueryNode] = []
    by_company, column_cost_ns, posting_cost_ns = False, 0.0, 0.0
    for clause in clauses:
        if isinstance(clause, RangeNode):
            index = segment.times[clause.fact]
            if not len(index.ranks):
                continue
            by_company |= index.contacts is not None
            column_cost_ns += _COST_PER_JUMP_NS * len(matches)
            posting_cost_ns += _COST_OF_RANGE_PER_CONTAINER_NS * containers
        elif isinstance(clause, TermsNode) and companies is not None and companies.covers:
            if clause.fact not in companies.values:
                continue
            by_company = True
            column_cost_ns += _COST_OF_MASK_PER_CONTAINER_NS * containers
            numbers = np.minimum(
                segment.values[clause.fact].count_each(clause.ids), MAX_ARRAY_CONTAINER * containers
            ).sum()
            posting_cost_ns += len(clause.ids) * (
                _COST_PER_CONTAINER_NS * containers + _COST_PER_MATCH_NS * len(matches)
            ) + _COST_PER_ARRAY_ELEMENT_NS * float(numbers)
        else:
            continue
        chosen.append(clause)
    return chosen if column_cost_ns + by_company * _COST_PER_JUMP_NS * len(matches) < posting_cost_ns else []


def company_mask(companies: Segment, fact: str, ids: Nums) -> Mask:
    """Which companies have one of the terms."""
    return bitmap_to_mask(companies.values[fact].union(ids), int(companies.covers.max()) + 1)


def filter_by_columns(
    segment: Segment, companies: Segment | None, clauses: list[QueryNode], matches: BitMap, must: bool = True
) -> Generator[None, None, BitMap]:
    """The matches that pass all of the clauses (those of `cheaper_by_columns`), in steps. Without `must`, those that
    pass none of them."""
    nums = to_array(matches)
    company = companies_of_contacts(segment, nums) if segment.company is not None else None
    yield
    for clause in clauses:
        if isinstance(clause, RangeNode):
            index = segment.times[clause.fact]
            passed = index.matches_range(
                clause.low, clause.high, nums if index.contacts is None else _required(company)
            )
        else:
            assert companies is not None and isinstance(clause, TermsNode)
            passed = company_mask(companies, clause.fact, clause.ids)[_required(company)]
        keep = passed if must else ~passed
        nums = nums[keep]
        company = None if company is None else company[keep]
        yield
    return bitmap_of_sorted(nums)


def _required(company: Ints | None) -> Ints:
    assert company is not None
    return company
