"""Query cache: which clauses are cached, and repeated queries against plain arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import Nums, to_bitmap
from letrics.engines.bitmap.query.executor import execute
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
from letrics.engines.bitmap.query.query_cache import QueryCache
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.segment import Segment
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from letrics.engines.bitmap.text.text_index import ResolvedText
from tests.engines.bitmap.steps import finish

_SHARES = [0.0001, 0.01, 0.1, 0.5]
_IDS = 12


def _ids(*ids: int) -> Nums:
    return np.array(ids, np.uint32)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 30_000, 10_000_000]))
@settings(max_examples=20, deadline=None)
def test_query_cache_repeated_clauses_match_plain_arrays(seed: int, capacity: int) -> None:
    rng = np.random.default_rng(seed)
    span = int(rng.choice([3_000, 140_000]))
    has_term = rng.random((_IDS, span)) < rng.choice(_SHARES, _IDS)[:, None]
    ids, nums = (found.astype(np.uint32) for found in np.nonzero(has_term))
    alive = BitMap(range(span))
    segment = Segment(
        DEFAULT_COSTS,
        alive,
        alive,
        {"a": Postings.of_pairs(ids, nums, BitmapCache(), DEFAULT_COSTS)},
        query_cache=QueryCache(BitmapCache(capacity), DEFAULT_COSTS),
    )
    asked = [np.sort(rng.choice(_IDS, int(rng.integers(1, 6)), replace=False)).astype(np.uint32) for _ in range(4)]
    for _ in range(30):
        must: list[QueryNode] = []
        must_not: list[QueryNode] = []
        expected = np.ones(span, np.bool_)
        for at in rng.integers(0, len(asked), int(rng.integers(1, 4))).tolist():
            matches = has_term[asked[at]].any(0)
            excluded = bool(rng.random() < 0.3)
            (must_not if excluded else must).append(TermsNode("a", asked[at]))
            expected &= ~matches if excluded else matches
        assert finish(execute(segment, must, must_not)) == to_bitmap(np.flatnonzero(expected))


def test_query_cache_second_request_is_cached() -> None:
    cache = QueryCache(BitmapCache(), DEFAULT_COSTS)
    clause = TermsNode("a", _ids(1, 2))
    assert cache.known(clause) == (clause, False)
    again = TermsNode("a", _ids(1, 2))
    assert cache.known(again) == (again, True)
    cache.keep(again, BitMap([5]))
    known, due = cache.known(clause)
    assert isinstance(known, BitmapNode) and known.nums == BitMap([5]) and not due
    assert cache.known(known) == (known, False)
    assert QueryCache(BitmapCache(), DEFAULT_COSTS).known(clause) == (clause, False)


def test_query_cache_empty_result_is_cached() -> None:
    cache = QueryCache(BitmapCache(), DEFAULT_COSTS)
    cache.keep(RangeNode("a", 1, 2), BitMap())
    known, _ = cache.known(RangeNode("a", 1, 2))
    assert isinstance(known, BitmapNode) and not known.nums


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TermsNode("a", _ids(1, 2)), TermsNode("b", _ids(1, 2))),
        (TermsNode("a", _ids(1, 2)), TermsNode("a", _ids(1, 3))),
        (TermsNode("a", _ids(1, 2)), AllNode((TermsNode("a", _ids(1)), TermsNode("a", _ids(2))))),
        (
            AllNode((TermsNode("a", _ids(1)), TermsNode("a", _ids(2)))),
            AllNode((TermsNode("a", _ids(1)), TermsNode("a", _ids(3)))),
        ),
        (TermsNode("companies", _ids(1, 2)), JoinNode(_ids(1, 2))),
        (JoinNode(_ids(1, 2)), JoinNode(_ids(1, 3))),
        (RangeNode("a", 1, 2), RangeNode("a", 1, None)),
        (RangeNode("a", 1, 2), RangeNode("b", 1, 2)),
        (RangeNode("a", 1, 2), RangeNode("a", 1, 2, ("least", "most"))),
        (TextNode("a", (ResolvedText("x", True, _ids(1)),)), TextNode("a", (ResolvedText("y", True, _ids(1)),))),
        (TextNode("a", (ResolvedText("x", True, _ids(1)),)), TextNode("b", (ResolvedText("x", True, _ids(1)),))),
    ],
)
def test_query_cache_other_clause_is_not_found(one: QueryNode, other: QueryNode) -> None:
    cache = QueryCache(BitmapCache(), DEFAULT_COSTS)
    cache.keep(one, BitMap([1]))
    assert isinstance(cache.known(one)[0], BitmapNode)
    assert cache.known(other) == (other, False)


@pytest.mark.parametrize(
    "clause",
    [
        TermsNode("a", _ids(1)),
        FlagNode("a"),
        HashNode("a", np.zeros(0, np.uint64)),
        BitmapNode(BitMap([1])),
        AllNode((TermsNode("a", _ids(1)), FlagNode("a"))),
    ],
)
def test_query_cache_cheap_clause_is_not_cached(clause: QueryNode) -> None:
    cache = QueryCache(BitmapCache(), DEFAULT_COSTS)
    assert [cache.known(clause) for _ in range(3)] == [(clause, False)] * 3
