"""Executor: runs a bound query on one kind of record of a segment.

The clause with the fewest matches runs first, the others narrow its matches, and exclusions come last. Execution is a
generator that yields between clauses, so that its driver can serve other requests and stop at the time budget. It
returns the bitmap of matches, which must not be modified.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import assert_never

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import to_bitmap
from letrics.engines.bitmap.kernel.roaring import Mask, container_count, union
from letrics.engines.bitmap.query.bitset_conjunction import bitset_clauses, intersect_bitsets
from letrics.engines.bitmap.query.doc_values_filter import (
    cheaper_by_columns,
    company_mask,
    employer_count,
    filter_by_columns,
)
from letrics.engines.bitmap.query.join import contacts_of_mask
from letrics.engines.bitmap.query.nodes import (
    AllNode,
    BitmapNode,
    FlagNode,
    HashNode,
    JoinNode,
    QueryNode,
    RangeNode,
    TermsNode,
    TextNode,
)
from letrics.engines.bitmap.query.ranges import range_bitmaps, range_count
from letrics.engines.bitmap.segment.segment import Segment, TextPostings
from letrics.engines.bitmap.text.text_index import ResolvedText

BitmapSteps = Generator[None, None, BitMap]
"""Yields between steps and returns a bitmap."""


def execute(
    segment: Segment, must: list[QueryNode], must_not: list[QueryNode], companies: Segment | None = None
) -> BitmapSteps:
    """The live nums that match every clause of `must` and none of `must_not`.

    `companies` is the segment of all companies that the contacts refer to, if there is one: clauses about a contact's
    company can then be executed there.
    """
    must, to_cache = _apply_cache(segment, must)
    plan: list[tuple[int, int, QueryNode]] = []
    for number, clause in enumerate(must):
        plan.append((_max_matches(segment, clause), number, clause))
        yield
    plan.sort(key=lambda step: step[:2])
    if plan and plan[0][0] == 0:
        return BitMap()
    matches: BitMap | None = None
    remaining = [clause for _, _, clause in plan]
    while remaining:
        sparse = matches is not None and _is_sparse(segment, matches)
        if matches and sparse and (by_column := cheaper_by_columns(segment, companies, remaining, matches)):
            matches = yield from filter_by_columns(segment, companies, by_column, matches)
            remaining = [clause for clause in remaining if clause not in by_column]
        elif not sparse and (
            as_bits := bitset_clauses(segment, [other for other in remaining if other not in to_cache])
        ):
            matches = _intersect([(yield from intersect_bitsets(segment, as_bits))], matches)
            done = [bitset_clause.clause for bitset_clause in as_bits]
            remaining = [clause for clause in remaining if clause not in done]
        else:
            clause = remaining.pop(0)
            mask = _company_mask_of(segment, companies, clause, matches)
            if clause in to_cache and _should_cache(segment, mask, matches):
                matches = _intersect([(yield from _build_and_cache(segment, clause, mask))], matches)
            elif mask is None:
                matches = _intersect((yield from _node_bitmaps_in_steps(segment, clause, sparse)), matches, sparse)
            else:
                matches = yield from contacts_of_mask(segment, mask, matches)
        yield
        if not matches:
            return matches
    matches = segment.alive if matches is None else matches
    remaining, to_cache = _apply_cache(segment, must_not)
    if (
        matches
        and _is_sparse(segment, matches)
        and (by_column := cheaper_by_columns(segment, companies, remaining, matches))
    ):
        matches = yield from filter_by_columns(segment, companies, by_column, matches, must=False)
        remaining = [clause for clause in remaining if clause not in by_column]
    for clause in remaining:
        sparse = _is_sparse(segment, matches)
        mask = _company_mask_of(segment, companies, clause, matches)
        if clause in to_cache and _should_cache(segment, mask, matches):
            matches = _subtract([(yield from _build_and_cache(segment, clause, mask))], matches)
        elif mask is None:
            matches = _subtract((yield from _node_bitmaps_in_steps(segment, clause, sparse)), matches, sparse)
        else:
            matches = yield from contacts_of_mask(segment, ~mask, matches)
        yield
    return matches


def _apply_cache(segment: Segment, clauses: list[QueryNode]) -> tuple[list[QueryNode], list[QueryNode]]:
    """The clauses, with cached bitmaps where there are any; and those of them whose bitmaps should be cached when
    made."""
    if segment.query_cache is None:
        return clauses[:], []
    known = [segment.query_cache.known(clause) for clause in clauses]
    return [clause for clause, _ in known], [clause for clause, to_cache in known if to_cache]


def _should_cache(segment: Segment, mask: Mask | None, matches: BitMap | None) -> bool:
    """Whether making the whole bitmap of a clause takes about as long as narrowing the matches."""
    if matches is None:
        return True
    if mask is None:
        return not _is_sparse(segment, matches)
    return len(matches) * segment.costs.sequential_share >= len(segment.alive)


def _build_and_cache(segment: Segment, clause: QueryNode, mask: Mask | None) -> BitmapSteps:
    """The whole bitmap of a clause, which is then cached."""
    assert segment.query_cache is not None
    if mask is None:
        made = union((yield from _node_bitmaps_in_steps(segment, clause, apart=False)))
    else:
        made = yield from contacts_of_mask(segment, mask, None)
    segment.query_cache.keep(clause, made)
    return made


def _company_mask_of(
    segment: Segment, companies: Segment | None, clause: QueryNode, matches: BitMap | None
) -> Mask | None:
    """The mask of companies that match a clause whose contacts are found fastest in one pass over all contacts.

    None for all other clauses.
    """
    if segment.contacts_of_company is None or not len(segment.contacts_of_company.ids):
        return None
    costs = segment.costs
    if isinstance(clause, JoinNode):
        # The pass reads the company of each contact in order, or of each match at random, and makes the mask.
        company_count = employer_count(segment)
        read = len(segment.alive) if matches is None else min(len(matches) * costs.sequential_share, len(segment.alive))
        if read + company_count > segment.contacts_of_company.count(clause.nums) * costs.sequential_share:
            return None
        mask = np.zeros(company_count, np.bool_)
        mask[clause.nums[clause.nums < company_count]] = True
        return mask
    if companies is None or not isinstance(clause, TermsNode) or clause.fact not in companies.values:
        return None
    postings_ns = len(clause.ids) * costs.posting_container_ns * container_count(segment.alive)
    pass_ns = costs.sequential_access_ns * len(segment.alive)
    if pass_ns > postings_ns:
        return None
    return company_mask(companies, clause.fact, clause.ids, employer_count(segment))


def _node_bitmaps_in_steps(segment: Segment, clause: QueryNode, apart: bool) -> Generator[None, None, list[BitMap]]:
    """Like `node_bitmaps`, but yields after every string of a text clause."""
    if not isinstance(clause, TextNode):
        return node_bitmaps(segment, clause, apart)
    found: list[BitMap] = []
    for string in clause.strings:
        found += text_bitmaps(segment, clause.fact, string)
        yield
    return found


def _max_matches(segment: Segment, clause: QueryNode) -> int:
    """An upper bound of the number of nums that match the clause."""
    match clause:
        case TermsNode(fact, ids):
            return segment.values[fact].count(ids)
        case AllNode(every):
            return min((_max_matches(segment, part) for part in every), default=0)
        case HashNode(fact, hashes):
            return len(segment.keys[fact].find(hashes)[1])
        case JoinNode(nums):
            return segment.contacts_of_company.count(nums) if segment.contacts_of_company is not None else len(nums)
        case TextNode(fact, strings):
            part = segment.texts[fact]
            return sum(_max_text_matches(part, string) for string in strings)
        case FlagNode(fact):
            return len(segment.flags[fact])
        case BitmapNode(nums):
            return len(nums)
        case RangeNode():
            return range_count(segment, clause)
        case _:
            assert_never(clause)


def _max_text_matches(text: TextPostings, string: ResolvedText) -> int:
    """An upper bound of the number of nums whose text contains the string."""
    if string.text in text.pieces:
        return len(text.sets[text.pieces[string.text]])
    if string.by_word:
        return text.words.count(string.ids)
    return text.texts.count(string.ids)


def node_bitmaps(segment: Segment, clause: QueryNode, apart: bool = False) -> list[BitMap]:
    """Bitmaps whose union is the nums that match the clause. With `apart`, frequent terms have one bitmap each."""
    match clause:
        case TermsNode(fact, ids):
            return segment.values[fact].parts(ids, apart)
        case AllNode(every):
            matches: BitMap | None = None
            for part in every:
                matches = _intersect(node_bitmaps(segment, part), matches)
            return [] if matches is None else [matches]
        case HashNode(fact, hashes):
            return [to_bitmap(segment.keys[fact].find(hashes)[1])]
        case JoinNode(nums):
            if segment.contacts_of_company is not None:
                return segment.contacts_of_company.parts(nums)
            return [to_bitmap(nums) & segment.alive]
        case TextNode(fact, strings):
            return [part for string in strings for part in text_bitmaps(segment, fact, string)]
        case FlagNode(fact):
            return [segment.flags[fact]]
        case BitmapNode(nums):
            return [nums]
        case RangeNode():
            return range_bitmaps(segment, clause)
        case _:
            assert_never(clause)


def text_bitmaps(segment: Segment, fact: str, string: ResolvedText) -> list[BitMap]:
    """Bitmaps whose union is the nums whose text contains the string."""
    text = segment.texts[fact]
    if string.text in text.pieces:
        return [text.sets[text.pieces[string.text]]]
    if string.by_word:
        return text.words.parts(string.ids)
    if not string.groups or text.texts.sparse_count(string.ids) <= segment.costs.max_gathered_nums:
        return text.texts.parts(string.ids)
    # Many records: those with all its words, without those whose text has the words in another order.
    matches: BitMap | None = None
    for group in string.groups:
        matches = _intersect(text.words.parts(group), matches)
    assert matches is not None
    return [_subtract(text.texts.parts(string.failing), matches)]


def _intersect(bitmaps: list[BitMap], matches: BitMap | None, apart: bool = False) -> BitMap:
    """The matches (None: everything) that are in any of the bitmaps. `apart`: each bitmap is combined with the matches
    separately, which is faster for sparse matches."""
    if matches is None:
        return union(bitmaps)
    return union([matches & bitmap for bitmap in bitmaps]) if apart else matches & union(bitmaps)


def _subtract(bitmaps: list[BitMap], matches: BitMap, apart: bool = False) -> BitMap:
    """The matches that are in none of the bitmaps. `apart` as in `_intersect`."""
    if not apart:
        return matches - union(bitmaps)
    for bitmap in bitmaps:
        matches = matches - bitmap
    return matches


def _is_sparse(segment: Segment, matches: BitMap) -> bool:
    """Whether there are few matches per container."""
    return not matches or len(matches) < segment.costs.sparse_nums_per_container * container_count(matches)
