"""A query on one side of a layer: the smallest set first, the others cut it down, exclusions last.

Evaluation is a generator that yields between clauses, so that its driver can give way to other requests and stop at the
time budget; its return value is the set of hits, not to be changed.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import assert_never

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import to_bitmap
from letrics.engines.bitmap.kernel.roaring import MAX_ARRAY_CONTAINER, Mask, container_count, union
from letrics.engines.bitmap.query.bitset_conjunction import bitset_clauses, intersect_bitsets
from letrics.engines.bitmap.query.doc_values_filter import cheaper_by_columns, company_mask, filter_by_columns
from letrics.engines.bitmap.query.join import FULL_SCAN_SHARE, contacts_of_mask
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
from letrics.engines.bitmap.segment.segment import Segment, TextPostings
from letrics.engines.bitmap.text.text_index import ResolvedText

_SPARSE_MATCHES_PER_CONTAINER = 650
"""A running set of fewer hits a container is cut down by each set in turn, instead of by their union;"""
_PAIRWISE_MATCHES_PER_CONTAINER = 2_600
"""and one of so many by a few thin sets."""
_MAX_PAIRWISE_BITMAPS = 4
_MAX_COMPANY_LOOKUPS = 20_000
"""Contacts of companies are looked up for so few hits."""
_MIN_JOIN_TERMS = 300
"""A clause of so many company values is asked of companies, and their contacts found in one pass over all (15 ms at
ten million)."""
_MIN_JOIN_SCAN_CONTACTS = 2_000_000
"""So many contacts of some companies are found in one pass over all, instead of company by company."""
_MAX_GATHERED_POSTINGS = 50_000
"""So many records are put together from the texts that contain a needle; more are found by its words."""

BitmapSteps = Generator[None, None, BitMap]


def execute(
    segment: Segment, must: list[QueryNode], must_not: list[QueryNode], companies: Segment | None = None
) -> BitmapSteps:
    """The live nums of `side` that pass every clause of `wanted` and none of `unwanted`. With `companies`, all that
    contacts have of their company can also be asked of that side."""
    must, due = _apply_cache(segment, must)
    plan: list[tuple[int, int, QueryNode]] = []
    for at, clause in enumerate(must):
        plan.append((_max_matches(segment, clause), at, clause))
        yield
    plan.sort(key=lambda step: step[:2])
    if plan and plan[0][0] == 0:
        return BitMap()
    matches: BitMap | None = None
    left = [clause for _, _, clause in plan]
    while left:
        if matches is not None and (some := cheaper_by_columns(segment, companies, left, matches)):
            matches = yield from filter_by_columns(segment, companies, some, matches)
            left = [clause for clause in left if clause not in some]
        elif not _is_sparse(matches) and (together := bitset_clauses(segment, [one for one in left if one not in due])):
            matches = _intersect_any([(yield from intersect_bitsets(segment, together))], matches)
            taken = [broad.clause for broad in together]
            left = [clause for clause in left if clause not in taken]
        else:
            clause = left.pop(0)
            wide = _company_mask_of(segment, companies, clause, matches)
            if clause in due and _should_cache(segment, wide, matches):
                matches = _intersect_any([(yield from _build_and_cache(segment, clause, wide))], matches)
            elif wide is None:
                matches = _intersect_any(
                    (yield from _node_bitmaps_in_steps(segment, clause, _is_sparse(matches))), matches
                )
            else:
                matches = yield from contacts_of_mask(segment, wide, matches)
        yield
        if not matches:
            return matches
    matches = segment.alive if matches is None else matches
    left, due = _apply_cache(segment, must_not)
    if some := cheaper_by_columns(segment, companies, left, matches):
        matches = yield from filter_by_columns(segment, companies, some, matches, must=False)
        left = [clause for clause in left if clause not in some]
    for clause in left:
        wide = _company_mask_of(segment, companies, clause, matches)
        if clause in due and _should_cache(segment, wide, matches):
            matches = _subtract_all([(yield from _build_and_cache(segment, clause, wide))], matches)
        elif wide is None:
            matches = _subtract_all((yield from _node_bitmaps_in_steps(segment, clause, _is_sparse(matches))), matches)
        else:
            matches = yield from contacts_of_mask(segment, ~wide, matches)
        yield
    return matches


def _apply_cache(segment: Segment, clauses: list[QueryNode]) -> tuple[list[QueryNode], list[QueryNode]]:
    """The clauses, with their sets where those are kept; and those of them whose sets are to be kept when made."""
    if segment.query_cache is None:
        return clauses[:], []
    known = [segment.query_cache.known(clause) for clause in clauses]
    return [clause for clause, _ in known], [clause for clause, due in known if due]


def _should_cache(segment: Segment, wide: Mask | None, matches: BitMap | None) -> bool:
    """Whether the whole set of a clause is made in about the time that it takes for the hits alone."""
    return (
        not _is_sparse(matches)
        if wide is None
        else matches is None or len(matches) * FULL_SCAN_SHARE >= len(segment.alive)
    )


def _build_and_cache(segment: Segment, clause: QueryNode, wide: Mask | None) -> BitmapSteps:
    """The whole set of a clause, which is kept from now on."""
    assert segment.query_cache is not None
    if wide is None:
        made = union((yield from _node_bitmaps_in_steps(segment, clause, apart=False)))
    else:
        made = yield from contacts_of_mask(segment, wide, None)
    segment.query_cache.keep(clause, made)
    return made


def _company_mask_of(
    segment: Segment, companies: Segment | None, clause: QueryNode, matches: BitMap | None
) -> Mask | None:
    """Which companies pass a clause that is wide: it has so many values that their contacts are found faster in one
    pass over all. None where it is not."""
    if segment.contacts_of_company is None or not len(segment.contacts_of_company.ids):
        return None
    if isinstance(clause, JoinNode):
        few = matches is not None and len(matches) < _MAX_COMPANY_LOOKUPS
        if segment.contacts_of_company.count(clause.nums) < (_MAX_COMPANY_LOOKUPS if few else _MIN_JOIN_SCAN_CONTACTS):
            return None
        mask = np.zeros(int(segment.contacts_of_company.ids[-1]) + 1, np.bool_)
        mask[clause.nums[clause.nums < len(mask)]] = True
        return mask
    if companies is None or not isinstance(clause, TermsNode) or clause.fact not in companies.values:
        return None
    return None if len(clause.ids) < _MIN_JOIN_TERMS else company_mask(companies, clause.fact, clause.ids)


def _node_bitmaps_in_steps(segment: Segment, clause: QueryNode, apart: bool) -> Generator[None, None, list[BitMap]]:
    """As `parts`, in steps where there are many needles."""
    if not isinstance(clause, TextNode):
        return node_bitmaps(segment, clause, apart)
    found: list[BitMap] = []
    for needle in clause.needles:
        found += text_bitmaps(segment.texts[clause.fact], needle)
        yield
    return found


def _max_matches(segment: Segment, clause: QueryNode) -> int:
    """At most how many nums pass the clause."""
    match clause:
        case TermsNode(fact, ids):
            return segment.values[fact].count(ids)
        case AllNode(every):
            return min((_max_matches(segment, part) for part in every), default=0)
        case HashNode(fact, asked):
            return len(segment.keys[fact].find(asked)[1])
        case JoinNode(nums):
            return segment.contacts_of_company.count(nums) if segment.contacts_of_company is not None else len(nums)
        case TextNode(fact, needles):
            part = segment.texts[fact]
            return sum(_max_text_matches(part, needle) for needle in needles)
        case FlagNode(fact):
            return len(segment.flags[fact])
        case BitmapNode(nums):
            return len(nums)
        case RangeNode(fact, low, high):
            return segment.times[fact].count(low, high)
        case _:
            assert_never(clause)


def _max_text_matches(part: TextPostings, needle: ResolvedText) -> int:
    if needle.text in part.pieces:
        return len(part.sets[part.pieces[needle.text]])
    if needle.by_word:
        return part.words.count(needle.ids)
    return part.texts.count(needle.ids)


def node_bitmaps(segment: Segment, clause: QueryNode, apart: bool = False) -> list[BitMap]:
    """Sets whose union are the nums that pass the clause; `apart`: those of frequent values each by itself."""
    match clause:
        case TermsNode(fact, ids):
            return segment.values[fact].parts(ids, apart)
        case AllNode(every):
            matches: BitMap | None = None
            for part in every:
                matches = _intersect_any(node_bitmaps(segment, part), matches)
            return [] if matches is None else [matches]
        case HashNode(fact, asked):
            return [to_bitmap(segment.keys[fact].find(asked)[1])]
        case JoinNode(nums):
            if segment.contacts_of_company is not None:
                return segment.contacts_of_company.parts(nums)
            return [to_bitmap(nums) & segment.alive]
        case TextNode(fact, needles):
            text = segment.texts[fact]
            return [part for needle in needles for part in text_bitmaps(text, needle)]
        case FlagNode(fact):
            return [segment.flags[fact]]
        case BitmapNode(nums):
            return [nums]
        case RangeNode(fact, low, high):
            return [segment.times[fact].between(low, high)]
        case _:
            assert_never(clause)


def text_bitmaps(part: TextPostings, needle: ResolvedText) -> list[BitMap]:
    """Sets whose union are the nums whose text contains the needle."""
    if needle.text in part.pieces:
        return [part.sets[part.pieces[needle.text]]]
    if needle.by_word:
        return part.words.parts(needle.ids)
    if not needle.groups or part.texts.sparse_count(needle.ids) <= _MAX_GATHERED_POSTINGS:
        return part.texts.parts(needle.ids)
    # Many records: those that have all its words, less those whose text has them in another order.
    matches: BitMap | None = None
    for group in needle.groups:
        matches = _intersect_any(part.words.parts(group), matches)
    assert matches is not None
    return [_subtract_all(part.texts.parts(needle.failing), matches)]


def _intersect_any(bitmaps: list[BitMap], matches: BitMap | None) -> BitMap:
    """The members of `hits` (None: of everything) in any of the parts."""
    if matches is None:
        return union(bitmaps)
    if _is_pairwise_cheaper(bitmaps, matches):
        return union([matches & part for part in bitmaps])
    return matches & union(bitmaps)


def _subtract_all(bitmaps: list[BitMap], matches: BitMap) -> BitMap:
    """The members of `hits` in none of the parts."""
    if not _is_pairwise_cheaper(bitmaps, matches):
        return matches - union(bitmaps)
    for part in bitmaps:
        matches = matches - part
    return matches


def _is_pairwise_cheaper(bitmaps: list[BitMap], matches: BitMap) -> bool:
    """Whether each of the parts is better held against the hits by itself: measured, see benchmarks/NOTES.md."""
    if len(bitmaps) == 1 or _is_sparse(matches):
        return True
    containers = container_count(matches)
    if len(matches) >= _PAIRWISE_MATCHES_PER_CONTAINER * containers or len(bitmaps) > _MAX_PAIRWISE_BITMAPS:
        return False
    sizes = [len(part) for part in bitmaps]
    return max(sizes, default=0) < MAX_ARRAY_CONTAINER * containers and sum(sizes) > 2 * len(matches)


def _is_sparse(matches: BitMap | None) -> bool:
    return matches is not None and (
        not matches or len(matches) < _SPARSE_MATCHES_PER_CONTAINER * container_count(matches)
    )
