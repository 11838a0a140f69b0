"""Doc-values filter: checks a few matches against a clause by column, instead of intersecting them with its postings.

Terms of a contact's company are a mask of companies, of which there are a tenth as many; times are ranks in a range
index. The company of each match is looked up once for all clauses, because random access to an array of 80 MB is most
of the cost.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Ints, Nums, to_array
from letrics.engines.bitmap.kernel.roaring import Mask, bitmap_of_sorted, bitmap_to_mask, container_count
from letrics.engines.bitmap.query.join import companies_of_contacts
from letrics.engines.bitmap.query.nodes import QueryNode, RangeNode, TermsNode
from letrics.engines.bitmap.query.ranges import in_range, range_has_ranks
from letrics.engines.bitmap.segment.segment import Segment


def cheaper_by_columns(
    segment: Segment, companies: Segment | None, clauses: Sequence[QueryNode], matches: BitMap
) -> list[QueryNode]:
    """Those of the clauses that are cheaper to check by column, all together, for sparse matches. `companies` as in
    `execute`."""
    costs, containers = segment.costs, container_count(matches)
    chosen: list[QueryNode] = []
    by_company, column_ns, posting_ns = False, 0.0, 0.0
    for clause in clauses:
        if isinstance(clause, RangeNode):
            if not range_has_ranks(segment, clause):
                continue
            by_company |= segment.times[clause.fact].contacts is not None
            column_ns += costs.random_access_ns * len(matches)
            posting_ns += 24 * costs.posting_container_ns * containers  # measured: 8 µs per container
        elif isinstance(clause, TermsNode) and companies is not None and companies.covers:
            if clause.fact not in companies.values:
                continue
            by_company = True
            column_ns += costs.sequential_access_ns * companies.covers.max()  # to make the mask
            posting_ns += len(clause.ids) * costs.posting_container_ns * containers
        else:
            continue
        chosen.append(clause)
    return chosen if column_ns + by_company * costs.random_access_ns * len(matches) < posting_ns else []


def company_mask(companies: Segment, fact: str, ids: Nums, size: int = 0) -> Mask:
    """Which companies have one of the terms. The mask has at least `size` entries."""
    covered = companies.covers.max() + 1 if companies.covers else 0
    return bitmap_to_mask(companies.values[fact].union(ids), max(covered, size))


def employer_count(contacts: Segment) -> int:
    """The highest company num of the contacts plus 1. It can be the num that stands for no company."""
    assert contacts.contacts_of_company is not None
    ids = contacts.contacts_of_company.ids
    return int(ids[-1]) + 1 if len(ids) else 0


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
            of_company = segment.times[clause.fact].contacts is not None
            passed = in_range(segment, clause, _required(company) if of_company else nums)
        else:
            assert companies is not None and isinstance(clause, TermsNode)
            mask = company_mask(companies, clause.fact, clause.ids, employer_count(segment))
            passed = mask[_required(company)]
        keep = passed if must else ~passed
        nums = nums[keep]
        company = None if company is None else company[keep]
        yield
    return bitmap_of_sorted(nums)


def _required(company: Ints | None) -> Ints:
    assert company is not None
    return company
