"""Clauses asked again and again, of a side that keeps their sets, against plain arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Nums, bitmap
from letrics.engines.bitmap.query.executor import evaluate
from letrics.engines.bitmap.query.nodes import Bound, Companies, Every, Flagged, Keys, Made, Texts, Times, Values
from letrics.engines.bitmap.query.query_cache import Kept
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.segment import Side
from letrics.engines.bitmap.storage.bitmap_store import Shelf
from letrics.engines.bitmap.text.text_index import Needle
from tests.engines.steps import ended

_SHARES = [0.0001, 0.01, 0.1, 0.5]
_IDS = 12


def _ids(*ids: int) -> Nums:
    return np.array(ids, np.uint32)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 30_000, 10_000_000]))
@settings(max_examples=20, deadline=None)
def test_clauses_asked_again_find_the_same(seed: int, room: int) -> None:
    rng = np.random.default_rng(seed)
    span = int(rng.choice([3_000, 140_000]))
    carrying = rng.random((_IDS, span)) < rng.choice(_SHARES, _IDS)[:, None]
    ids, nums = (found.astype(np.uint32) for found in np.nonzero(carrying))
    live = BitMap(range(span))
    side = Side(live, live, {"a": Postings.of_pairs(ids, nums, Shelf())}, kept=Kept(Shelf(room)))
    asked = [np.sort(rng.choice(_IDS, int(rng.integers(1, 6)), replace=False)).astype(np.uint32) for _ in range(4)]
    for _ in range(30):
        wanted: list[Bound] = []
        unwanted: list[Bound] = []
        passing = np.ones(span, np.bool_)
        for at in rng.integers(0, len(asked), int(rng.integers(1, 4))).tolist():
            any_of = carrying[asked[at]].any(0)
            excluded = bool(rng.random() < 0.3)
            (unwanted if excluded else wanted).append(Values("a", asked[at]))
            passing &= ~any_of if excluded else any_of
        assert ended(evaluate(side, wanted, unwanted)) == bitmap(np.flatnonzero(passing))


def test_a_clause_is_kept_when_it_is_asked_for_the_second_time() -> None:
    kept = Kept(Shelf())
    clause = Values("a", _ids(1, 2))
    assert kept.known(clause) == (clause, False)
    again = Values("a", _ids(1, 2))
    assert kept.known(again) == (again, True)
    kept.keep(again, BitMap([5]))
    known, due = kept.known(clause)
    assert isinstance(known, Made) and known.nums == BitMap([5]) and not due
    assert kept.known(known) == (known, False)
    assert Kept(Shelf()).known(clause) == (clause, False)


def test_what_no_record_passes_can_be_kept() -> None:
    kept = Kept(Shelf())
    kept.keep(Times("a", 1, 2), BitMap())
    known, _ = kept.known(Times("a", 1, 2))
    assert isinstance(known, Made) and not known.nums


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Values("a", _ids(1, 2)), Values("b", _ids(1, 2))),
        (Values("a", _ids(1, 2)), Values("a", _ids(1, 3))),
        (Values("a", _ids(1, 2)), Every((Values("a", _ids(1)), Values("a", _ids(2))))),
        (Every((Values("a", _ids(1)), Values("a", _ids(2)))), Every((Values("a", _ids(1)), Values("a", _ids(3))))),
        (Values("companies", _ids(1, 2)), Companies(_ids(1, 2))),
        (Companies(_ids(1, 2)), Companies(_ids(1, 3))),
        (Times("a", 1, 2), Times("a", 1, None)),
        (Times("a", 1, 2), Times("b", 1, 2)),
        (Texts("a", (Needle("x", True, _ids(1)),)), Texts("a", (Needle("y", True, _ids(1)),))),
        (Texts("a", (Needle("x", True, _ids(1)),)), Texts("b", (Needle("x", True, _ids(1)),))),
    ],
)
def test_other_clauses_are_not_taken_for_it(one: Bound, other: Bound) -> None:
    kept = Kept(Shelf())
    kept.keep(one, BitMap([1]))
    assert isinstance(kept.known(one)[0], Made)
    assert kept.known(other) == (other, False)


@pytest.mark.parametrize(
    "clause",
    [
        Values("a", _ids(1)),
        Flagged("a"),
        Keys("a", np.zeros(0, np.uint64)),
        Made(BitMap([1])),
        Every((Values("a", _ids(1)), Flagged("a"))),
    ],
)
def test_what_is_made_in_no_time_is_not_kept(clause: Bound) -> None:
    kept = Kept(Shelf())
    assert [kept.known(clause) for _ in range(3)] == [(clause, False)] * 3
