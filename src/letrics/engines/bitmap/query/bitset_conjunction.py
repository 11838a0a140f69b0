"""Bitset conjunction: the intersection of clauses with many frequent terms, computed on plain bits.

The union of each clause and the intersection of all of them stay bits. Only the result is converted to a bitmap.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.roaring import Bits, bitmap_to_bits, bits_to_bitmap, union
from letrics.engines.bitmap.query.nodes import QueryNode, TermsNode
from letrics.engines.bitmap.segment.bitset_rows import BitsetRows
from letrics.engines.bitmap.segment.segment import Segment


class BitsetClause(NamedTuple):
    """A clause, the bitset rows of its frequent terms, and the ids of its other terms."""

    clause: TermsNode
    rows: list[int]
    others: list[int]


def bitset_clauses(segment: Segment, clauses: Sequence[QueryNode]) -> list[BitsetClause]:
    """Those of the clauses that are faster combined as bits. Empty unless there are two with enough rows."""
    candidates = [clause for clause in clauses if isinstance(clause, TermsNode)]
    if len(candidates) < 2 or sum(len(clause.ids) for clause in candidates) < segment.costs.min_bitset_rows:
        return []
    suitable = [bitset_clause for clause in candidates if (bitset_clause := _as_bitset_clause(segment, clause))]
    row_count = sum(len(bitset_clause.rows) for bitset_clause in suitable)
    return suitable if len(suitable) > 1 and row_count >= segment.costs.min_bitset_rows else []


def _as_bitset_clause(segment: Segment, clause: TermsNode) -> BitsetClause | None:
    """The clause with its rows, or None if it has none."""
    postings = segment.values[clause.fact]
    if not len(postings.rows.ids):
        return None
    ids = clause.ids.tolist()
    rows, others = postings.rows.split(ids, postings.count_each(clause.ids).tolist())
    return BitsetClause(clause, rows, others) if rows else None


def intersect_bitsets(segment: Segment, clauses: Sequence[BitsetClause]) -> Generator[None, None, BitMap]:
    """The nums that match all the clauses, in steps."""
    rows: list[BitsetRows] = []
    rare_bits: list[Bits | None] = []
    for clause, _, others in clauses:
        postings = segment.values[clause.fact]
        rows.append(postings.rows)
        rest = union(postings.parts(np.array(others, np.uint32))) if others else BitMap()
        rare_bits.append(bitmap_to_bits(rest, postings.rows.data.shape[1]) if rest else None)
        yield
    byte_count = min(clause_rows.data.shape[1] for clause_rows in rows)
    result = np.empty(byte_count, np.uint8)
    block_bytes = segment.costs.bytes_per_block
    buffer = np.empty(block_bytes, np.uint8)
    for start in range(0, byte_count, block_bytes):
        block = slice(start, min(start + block_bytes, byte_count))
        result_block = result[block]
        for at, (clause_rows, rare, (_, which, _)) in enumerate(zip(rows, rare_bits, clauses, strict=True)):
            clause_block = result_block if at == 0 else buffer[: len(result_block)]
            clause_rows.unite(which, block, clause_block)
            if rare is not None:
                np.bitwise_or(clause_block, rare[block], out=clause_block)
            if at:
                np.bitwise_and(result_block, clause_block, out=result_block)
        yield
    return bits_to_bitmap(result)
