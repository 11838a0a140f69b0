"""Bitset conjunction of clauses with many frequent terms against plain arrays."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import Nums, to_bitmap
from letrics.engines.bitmap.query.bitset_conjunction import bitset_clauses, intersect_bitsets
from letrics.engines.bitmap.query.executor import execute
from letrics.engines.bitmap.query.nodes import FlagNode, TermsNode
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.segment import Segment
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from tests.engines.bitmap.costs import random_costs
from tests.engines.bitmap.query.segments import nums_of, random_segments
from tests.engines.bitmap.steps import finish

_SHARES = [0.0001, 0.004, 0.011, 0.02, 0.05, 0.2, 0.4]


def _values(rng: np.random.Generator, span: int) -> tuple[Postings, list[Nums]]:
    sets = [np.flatnonzero(rng.random(span) < share).astype(np.uint32) for share in rng.choice(_SHARES, 14)]
    sets.append(np.array([span - 1], np.uint32))
    ids = np.repeat(np.arange(len(sets), dtype=np.uint32), list(map(len, sets)))
    return Postings.of_pairs(ids, np.concatenate(sets), BitmapCache(), DEFAULT_COSTS), sets


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=6, deadline=None)
def test_bitset_conjunction_frequent_terms_match_plain_arrays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    span = int(rng.integers(510_000, 900_000))
    made = {name: _values(rng, span) for name in ("a", "b", "c")}
    segment = Segment(
        DEFAULT_COSTS,
        BitMap(range(span)),
        BitMap(range(span)),
        {name: postings for name, (postings, _) in made.items()},
    )
    together = 0
    for _ in range(12):
        wanted, passing = [], np.ones(span, np.bool_)
        for name in rng.permutation(list(made))[: int(rng.integers(2, 4))].tolist():
            asked = np.sort(rng.choice(15, int(rng.integers(1, 15)), replace=False)).astype(np.uint32)
            wanted.append(TermsNode(name, asked))
            any_of = np.zeros(span, np.bool_)
            for at in asked.tolist():
                any_of[made[name][1][at]] = True
            passing &= any_of
        together += bool(bitset_clauses(segment, wanted))
        assert finish(execute(segment, list(wanted), [])) == to_bitmap(np.flatnonzero(passing))
    assert together


@pytest.mark.parametrize("number", range(20))
def test_intersect_bitsets_small_segment_equals_set_algebra(number: int, seed: int) -> None:
    rng = Random(seed + number)
    costs = replace(
        random_costs(rng), large_segment_records=1, min_bitmap_nums=1, sparse_nums_per_container=4, min_bitset_rows=2
    )
    contacts, _, plain = random_segments(rng, costs, records=600)
    together = 0
    for _ in range(10):
        clauses = [TermsNode(fact, nums_of(rng.sample(range(14), rng.randrange(1, 9)))) for fact in ("own", "company")]
        suitable = bitset_clauses(contacts, [FlagNode("flag"), *clauses])
        together += bool(suitable)
        if suitable:
            assert [found.clause for found in suitable] == clauses
            found = finish(intersect_bitsets(contacts, suitable))
            assert set(found) == plain.matches(clauses[0]) & plain.matches(clauses[1])
    assert together


def test_bitset_clauses_single_or_thin_clauses_are_not_combined(seed: int) -> None:
    contacts, _, _ = random_segments(Random(seed), replace(DEFAULT_COSTS, large_segment_records=1, min_bitmap_nums=1))
    one, other = TermsNode("own", nums_of([1, 2])), TermsNode("company", nums_of([3]))
    assert bitset_clauses(contacts, [one]) == bitset_clauses(contacts, [one, other]) == []
