"""Clauses with many frequent values, taken together as bits: what passes all of them is made a set once, at the end."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final, NamedTuple

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.roaring import Bits, bitmap_to_bits, bits_to_bitmap, union
from letrics.engines.bitmap.query.nodes import QueryNode, TermsNode
from letrics.engines.bitmap.segment.bitset_rows import BLOCK_BYTES, BitsetRows
from letrics.engines.bitmap.segment.segment import Segment

_MIN_CLAUSES: Final = 2
_MIN_ROWS: Final = 8
"""Of fewer sets Roaring's own unions and intersections take no longer: the way back from bits costs as much as ten."""


class BitsetClause(NamedTuple):
    """A clause, and which of its values are rows of bits; the rest are `others`."""

    clause: TermsNode
    rows: list[int]
    others: list[int]


def bitset_clauses(segment: Segment, clauses: Sequence[QueryNode]) -> list[BitsetClause]:
    """Those of the clauses that are quicker taken together as bits; none where there are too few."""
    some = [clause for clause in clauses if isinstance(clause, TermsNode)]
    if len(some) < _MIN_CLAUSES or sum(len(clause.ids) for clause in some) < _MIN_ROWS:
        return []
    found = [broad for clause in some if (broad := _as_bitset_clause(segment, clause))]
    if len(found) < _MIN_CLAUSES or sum(len(broad.rows) for broad in found) < _MIN_ROWS:
        return []
    return found


def _as_bitset_clause(segment: Segment, clause: TermsNode) -> BitsetClause | None:
    postings = segment.values[clause.fact]
    if not len(postings.rows.ids):
        return None
    ids = clause.ids.tolist()
    rows, others = postings.rows.split(ids, postings.count_each(clause.ids).tolist(), fewest=1)
    return BitsetClause(clause, rows, others) if rows else None


def intersect_bitsets(segment: Segment, clauses: Sequence[BitsetClause]) -> Generator[None, None, BitMap]:
    """The nums that pass every one of the clauses, in steps."""
    rows: list[BitsetRows] = []
    added: list[Bits | None] = []
    for clause, _, others in clauses:
        postings = segment.values[clause.fact]
        rows.append(postings.rows)
        rest = union(postings.parts(np.array(others, np.uint32))) if others else BitMap()
        added.append(bitmap_to_bits(rest, postings.rows.data.shape[1]) if rest else None)
        yield
    size = min(each.data.shape[1] for each in rows)
    found = np.empty(size, np.uint8)
    held = np.empty(BLOCK_BYTES, np.uint8)
    for start in range(0, size, BLOCK_BYTES):
        block = slice(start, min(start + BLOCK_BYTES, size))
        passed = found[block]
        for at, (each, more, (_, which, _)) in enumerate(zip(rows, added, clauses, strict=True)):
            part = passed if at == 0 else held[: len(passed)]
            each.unite(which, block, part)
            if more is not None:
                np.bitwise_or(part, more[block], out=part)
            if at:
                np.bitwise_and(passed, part, out=passed)
        yield
    return bits_to_bitmap(found)
