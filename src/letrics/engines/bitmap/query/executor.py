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
    side: Segment, wanted: list[QueryNode], unwanted: list[QueryNode], companies: Segment | None = None
) -> BitmapSteps:
    """The live nums of `side` that pass every clause of `wanted` and none of `unwanted`. With `companies`, all that
    contacts have of their company can also be asked of that side."""
    wanted, due = _apply_cache(side, wanted)
    plan: list[tuple[int, int, QueryNode]] = []
    for at, clause in enumerate(wanted):
        plan.append((_max_matches(side, clause), at, clause))
        yield
    plan.sort(key=lambda step: step[:2])
    if plan and plan[0][0] == 0:
        return BitMap()
    hits: BitMap | None = None
    left = [clause for _, _, clause in plan]
    while left:
        if hits is not None and (some := cheaper_by_columns(side, companies, left, hits)):
            hits = yield from filter_by_columns(side, companies, some, hits)
            left = [clause for clause in left if clause not in some]
        elif not _is_sparse(hits) and (together := bitset_clauses(side, [one for one in left if one not in due])):
            hits = _intersect_any([(yield from intersect_bitsets(side, together))], hits)
            taken = [broad.clause for broad in together]
            left = [clause for clause in left if clause not in taken]
        else:
            clause = left.pop(0)
            wide = _company_mask_of(side, companies, clause, hits)
            if clause in due and _should_cache(side, wide, hits):
                hits = _intersect_any([(yield from _build_and_cache(side, clause, wide))], hits)
            elif wide is None:
                hits = _intersect_any((yield from _node_bitmaps_in_steps(side, clause, _is_sparse(hits))), hits)
            else:
                hits = yield from contacts_of_mask(side, wide, hits)
        yield
        if not hits:
            return hits
    hits = side.live if hits is None else hits
    left, due = _apply_cache(side, unwanted)
    if some := cheaper_by_columns(side, companies, left, hits):
        hits = yield from filter_by_columns(side, companies, some, hits, wanted=False)
        left = [clause for clause in left if clause not in some]
    for clause in left:
        wide = _company_mask_of(side, companies, clause, hits)
        if clause in due and _should_cache(side, wide, hits):
            hits = _subtract_all([(yield from _build_and_cache(side, clause, wide))], hits)
        elif wide is None:
            hits = _subtract_all((yield from _node_bitmaps_in_steps(side, clause, _is_sparse(hits))), hits)
        else:
            hits = yield from contacts_of_mask(side, ~wide, hits)
        yield
    return hits


def _apply_cache(side: Segment, clauses: list[QueryNode]) -> tuple[list[QueryNode], list[QueryNode]]:
    """The clauses, with their sets where those are kept; and those of them whose sets are to be kept when made."""
    if side.kept is None:
        return clauses[:], []
    known = [side.kept.known(clause) for clause in clauses]
    return [clause for clause, _ in known], [clause for clause, due in known if due]


def _should_cache(side: Segment, wide: Mask | None, hits: BitMap | None) -> bool:
    """Whether the whole set of a clause is made in about the time that it takes for the hits alone."""
    return not _is_sparse(hits) if wide is None else hits is None or len(hits) * FULL_SCAN_SHARE >= len(side.live)


def _build_and_cache(side: Segment, clause: QueryNode, wide: Mask | None) -> BitmapSteps:
    """The whole set of a clause, which is kept from now on."""
    assert side.kept is not None
    if wide is None:
        made = union((yield from _node_bitmaps_in_steps(side, clause, apart=False)))
    else:
        made = yield from contacts_of_mask(side, wide, None)
    side.kept.keep(clause, made)
    return made


def _company_mask_of(side: Segment, companies: Segment | None, clause: QueryNode, hits: BitMap | None) -> Mask | None:
    """Which companies pass a clause that is wide: it has so many values that their contacts are found faster in one
    pass over all. None where it is not."""
    if side.of_company is None or not len(side.of_company.ids):
        return None
    if isinstance(clause, JoinNode):
        few = hits is not None and len(hits) < _MAX_COMPANY_LOOKUPS
        if side.of_company.count(clause.nums) < (_MAX_COMPANY_LOOKUPS if few else _MIN_JOIN_SCAN_CONTACTS):
            return None
        mask = np.zeros(int(side.of_company.ids[-1]) + 1, np.bool_)
        mask[clause.nums[clause.nums < len(mask)]] = True
        return mask
    if companies is None or not isinstance(clause, TermsNode) or clause.fact not in companies.values:
        return None
    return None if len(clause.ids) < _MIN_JOIN_TERMS else company_mask(companies, clause.fact, clause.ids)


def _node_bitmaps_in_steps(side: Segment, clause: QueryNode, apart: bool) -> Generator[None, None, list[BitMap]]:
    """As `parts`, in steps where there are many needles."""
    if not isinstance(clause, TextNode):
        return node_bitmaps(side, clause, apart)
    found: list[BitMap] = []
    for needle in clause.needles:
        found += text_bitmaps(side.texts[clause.fact], needle)
        yield
    return found


def _max_matches(side: Segment, clause: QueryNode) -> int:
    """At most how many nums pass the clause."""
    match clause:
        case TermsNode(fact, ids):
            return side.values[fact].count(ids)
        case AllNode(every):
            return min((_max_matches(side, part) for part in every), default=0)
        case HashNode(fact, asked):
            return len(side.keys[fact].nums_of(asked)[1])
        case JoinNode(nums):
            return side.of_company.count(nums) if side.of_company is not None else len(nums)
        case TextNode(fact, needles):
            part = side.texts[fact]
            return sum(_max_text_matches(part, needle) for needle in needles)
        case FlagNode(fact):
            return len(side.flags[fact])
        case BitmapNode(nums):
            return len(nums)
        case RangeNode(fact, low, high):
            return side.times[fact].count(low, high)
        case _:
            assert_never(clause)


def _max_text_matches(part: TextPostings, needle: ResolvedText) -> int:
    if needle.text in part.pieces:
        return len(part.sets[part.pieces[needle.text]])
    if needle.by_word:
        return part.words.count(needle.ids)
    return part.texts.count(needle.ids)


def node_bitmaps(side: Segment, clause: QueryNode, apart: bool = False) -> list[BitMap]:
    """Sets whose union are the nums that pass the clause; `apart`: those of frequent values each by itself."""
    match clause:
        case TermsNode(fact, ids):
            return side.values[fact].parts(ids, apart)
        case AllNode(every):
            hits: BitMap | None = None
            for part in every:
                hits = _intersect_any(node_bitmaps(side, part), hits)
            return [] if hits is None else [hits]
        case HashNode(fact, asked):
            return [to_bitmap(side.keys[fact].nums_of(asked)[1])]
        case JoinNode(nums):
            if side.of_company is not None:
                return side.of_company.parts(nums)
            return [to_bitmap(nums) & side.live]
        case TextNode(fact, needles):
            text = side.texts[fact]
            return [part for needle in needles for part in text_bitmaps(text, needle)]
        case FlagNode(fact):
            return [side.flags[fact]]
        case BitmapNode(nums):
            return [nums]
        case RangeNode(fact, low, high):
            return [side.times[fact].between(low, high)]
        case _:
            assert_never(clause)


def text_bitmaps(part: TextPostings, needle: ResolvedText) -> list[BitMap]:
    """Sets whose union are the nums whose text contains the needle."""
    if needle.text in part.pieces:
        return [part.sets[part.pieces[needle.text]]]
    if needle.by_word:
        return part.words.parts(needle.ids)
    if not needle.groups or part.texts.scattered(needle.ids) <= _MAX_GATHERED_POSTINGS:
        return part.texts.parts(needle.ids)
    # Many records: those that have all its words, less those whose text has them in another order.
    hits: BitMap | None = None
    for group in needle.groups:
        hits = _intersect_any(part.words.parts(group), hits)
    assert hits is not None
    return [_subtract_all(part.texts.parts(needle.failing), hits)]


def _intersect_any(node_bitmaps: list[BitMap], hits: BitMap | None) -> BitMap:
    """The members of `hits` (None: of everything) in any of the parts."""
    if hits is None:
        return union(node_bitmaps)
    if _is_pairwise_cheaper(node_bitmaps, hits):
        return union([hits & part for part in node_bitmaps])
    return hits & union(node_bitmaps)


def _subtract_all(node_bitmaps: list[BitMap], hits: BitMap) -> BitMap:
    """The members of `hits` in none of the parts."""
    if not _is_pairwise_cheaper(node_bitmaps, hits):
        return hits - union(node_bitmaps)
    for part in node_bitmaps:
        hits = hits - part
    return hits


def _is_pairwise_cheaper(node_bitmaps: list[BitMap], hits: BitMap) -> bool:
    """Whether each of the parts is better held against the hits by itself: measured, see benchmarks/NOTES.md."""
    if len(node_bitmaps) == 1 or _is_sparse(hits):
        return True
    containers = container_count(hits)
    if len(hits) >= _PAIRWISE_MATCHES_PER_CONTAINER * containers or len(node_bitmaps) > _MAX_PAIRWISE_BITMAPS:
        return False
    sizes = [len(part) for part in node_bitmaps]
    return max(sizes, default=0) < MAX_ARRAY_CONTAINER * containers and sum(sizes) > 2 * len(hits)


def _is_sparse(hits: BitMap | None) -> bool:
    return hits is not None and (not hits or len(hits) < _SPARSE_MATCHES_PER_CONTAINER * container_count(hits))
