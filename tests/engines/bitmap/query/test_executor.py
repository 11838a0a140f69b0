"""Executor: random clauses under random costs against set algebra."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.roaring import union
from letrics.engines.bitmap.query.executor import execute, node_bitmaps
from letrics.engines.bitmap.query.nodes import JoinNode, TermsNode
from letrics.engines.bitmap.segment.segment import Segment
from tests.engines.bitmap.costs import SMALL, random_costs
from tests.engines.bitmap.query.segments import nums_of, random_node, random_segments
from tests.engines.bitmap.steps import finish


@pytest.mark.parametrize("number", range(40))
def test_execute_any_clauses_and_costs_equals_set_algebra(number: int, seed: int) -> None:
    rng = Random(seed + number)
    contacts, companies, plain = random_segments(rng, random_costs(rng))
    clauses = [random_node(rng, plain) for _ in range(6)]  # repeated, so that some are cached
    for _ in range(12):
        must = rng.sample(clauses, rng.randrange(4))
        must_not = rng.sample(clauses, rng.randrange(3))
        expected = set(plain.company).intersection(*map(plain.matches, must))
        expected = expected.difference(*map(plain.matches, must_not))
        found = finish(execute(contacts, must, must_not, rng.choice((companies, None))))
        assert set(found) == expected, (must, must_not)


@pytest.mark.parametrize("number", range(10))
def test_node_bitmaps_any_clause_equals_plain_sets(number: int, seed: int) -> None:
    rng = Random(seed + number)
    contacts, _, plain = random_segments(rng, random_costs(rng))
    for _ in range(20):
        node = random_node(rng, plain)
        for apart in (False, True):
            assert set(union(node_bitmaps(contacts, node, apart))) & set(plain.company) == plain.matches(node)


def test_execute_without_clauses_is_the_alive_bitset(seed: int) -> None:
    contacts, companies, _ = random_segments(Random(seed), SMALL)
    assert finish(execute(contacts, [], [], companies)) == contacts.alive


def test_execute_clause_without_matches_is_empty(seed: int) -> None:
    contacts, companies, _ = random_segments(Random(seed), SMALL)
    unknown = TermsNode("own", nums_of([99]))
    assert not finish(execute(contacts, [unknown, JoinNode(nums_of([1]))], [], companies))


def test_execute_join_in_companies_is_the_live_companies() -> None:
    companies = Segment(SMALL, BitMap(range(9)), BitMap(range(5)))
    node = JoinNode(np.array([1, 4, 7], np.uint32))
    assert list(finish(execute(companies, [node], []))) == [1, 4]
