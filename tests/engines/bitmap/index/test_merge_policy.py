"""Merge policy: which segments are merged with the next one, and how changes reach the columns."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from pyroaring import BitMap

from letrics.engines.bitmap.columns.table import ColumnStore
from letrics.engines.bitmap.costs import Costs
from letrics.engines.bitmap.index.merge_policy import apply_changes, contacts_of_companies, merge_plan
from letrics.engines.bitmap.kernel.arrays import Nums
from letrics.engines.bitmap.segment.segment import Segment, SegmentPair
from letrics.records import encode
from letrics.store.base import Changes, Position
from tests.engines.bitmap.costs import SMALL
from tests.engines.bitmap.log import company, contact
from tests.engines.bitmap.world import changing_worlds

COSTS = replace(SMALL, large_segment_records=2_000, max_superseded_share=0.1, max_added_share=0.5, records_per_batch=0)


def _nums(*ranges: range) -> Nums:
    return np.array(sorted({num for part in ranges for num in part}), np.uint32)


def _pair(companies: range, contacts: range) -> SegmentPair:
    segments = [Segment(COSTS, BitMap(nums), BitMap(nums)) for nums in (companies, contacts)]
    return SegmentPair(*segments)


BASE = _pair(range(50), range(150))
NONE = range(0)


@pytest.mark.parametrize(
    ("sizes", "added", "remaining"),
    [
        ([], 1, 0),
        ([10], 5, 1),  # as large as the new one twice over
        ([10], 6, 0),
        ([40, 10, 4], 2, 3),
        ([40, 10, 4], 3, 1),  # with 4 it has 7, which merges 10, and 17 are too few for 40
        ([40, 13, 6], 4, 0),  # with 6 it has 10, which merges 13, and 23 merge 40
        ([999], 500, 0),
        ([1_000], 600, 1),  # large ones stay
    ],
)
def test_merge_plan_small_segments_are_merged(sizes: list[int], added: int, remaining: int) -> None:
    starts = np.cumsum([1_000, *sizes]).tolist()
    later = tuple(_pair(NONE, range(start, start + size)) for start, size in zip(starts, sizes, strict=False))
    costs = replace(COSTS, max_added_share=1e9)
    outgrown, kept, companies, contacts = merge_plan(
        (BASE, *later), _nums(NONE), _nums(range(starts[-1], starts[-1] + added)), costs
    )
    assert not outgrown and kept == (BASE, *later[:remaining])
    assert companies.tolist() == []
    assert contacts.tolist() == list(range(starts[remaining], starts[-1] + added))


@pytest.mark.parametrize(
    ("sizes", "added", "has_lock", "remaining", "asked"),
    [
        ([400, 40, 4], 3, False, 2, 0),  # small ones need no lock
        ([400, 40, 4], 21, False, 1, 0),
        ([400, 90, 40, 4], 21, False, 2, 1),  # 65 and 90 are as many as the lock is for
        ([400, 90, 40, 4], 21, True, 1, 1),
        ([280, 90, 40, 4], 21, True, 0, 1),  # asked once
        ([400, 90], 50, False, 2, 1),
        ([400, 90], 45, False, 2, 0),
    ],
)
def test_merge_plan_large_segments_wait_for_the_lock(
    sizes: list[int], added: int, has_lock: bool, remaining: int, asked: int
) -> None:
    starts = np.cumsum([1_000, *sizes]).tolist()
    later = tuple(_pair(NONE, range(start, start + size)) for start, size in zip(starts, sizes, strict=False))
    costs, calls = replace(COSTS, max_added_share=1e9, nums_per_step=800), list[bool]()

    def may_merge() -> bool:
        calls.append(has_lock)
        return has_lock

    new = _nums(range(starts[-1], starts[-1] + added))
    _, kept, _, contacts = merge_plan((BASE, *later), _nums(NONE), new, costs, may_merge)
    assert kept == (BASE, *later[:remaining]) and len(calls) == asked
    assert contacts.tolist() == list(range(starts[remaining], starts[-1] + added))


def test_merge_plan_too_many_segments_are_merged_without_the_lock() -> None:
    later = tuple(_pair(NONE, range(start, start + 90)) for start in range(1_000, 1_000 + 10 * 90, 90))
    costs = replace(COSTS, max_added_share=1e9, nums_per_step=800)
    new = _nums(range(2_000, 2_060))
    for segments, merged in ((later[:7], 0), (later[:8], 8)):
        _, kept, _, _ = merge_plan((BASE, *segments), _nums(NONE), new, costs, lambda: False)
        assert kept == (BASE, *segments[: len(segments) - merged])


@pytest.mark.parametrize(
    ("contacts", "costs", "outgrown"),
    [
        (range(20), COSTS, False),  # 20 of 200 are superseded: the share
        (range(21), COSTS, True),
        (range(1_000, 1_100), COSTS, False),  # 100 newer than the base: the share
        (range(1_000, 1_101), COSTS, True),
        (range(140, 245), COSTS, False),  # 95 newer than the base
        (range(21), replace(COSTS, records_per_batch=1), False),
        (range(1_000, 1_101), replace(COSTS, records_per_batch=1), False),
    ],
)
def test_merge_plan_shares_above_the_costs_are_outgrown(contacts: range, costs: Costs, outgrown: bool) -> None:
    assert merge_plan((BASE,), _nums(NONE), _nums(contacts), costs)[0] == outgrown


def test_merge_plan_counts_what_earlier_segments_superseded() -> None:
    earlier = _pair(range(10), range(1_000, 1_070))
    assert merge_plan((BASE, earlier), _nums(NONE), _nums(range(10)), COSTS)[0] is False
    assert merge_plan((BASE, earlier), _nums(NONE), _nums(range(11)), COSTS)[0] is True


def test_apply_changes_returns_the_changed_nums_and_pauses() -> None:
    columns, pauses = ColumnStore(SMALL), list[int]()
    changes = Changes(
        Position("a", 1, "b"),
        [2, 5],
        [encode(company(f"{num}.de")) for num in (2, 5)],
        [0, 3, 4],
        [2, 2, 5],
        [encode(contact(str(num))) for num in (0, 3, 4)],
        [7],
        [1, 9],
    )
    companies, contacts = apply_changes(columns, changes, lambda: pauses.append(1), 2)
    assert companies.tolist() == [2, 5, 7] and contacts.tolist() == [0, 1, 3, 4, 9]
    assert len(pauses) == 1 + 2
    assert np.flatnonzero(columns.companies.alive.whole()).tolist() == [2, 5]
    assert np.flatnonzero(columns.contacts.alive.whole()).tolist() == [0, 3, 4]
    assert columns.contacts.company.take(np.array([0, 3, 4])).tolist() == [2, 2, 5]


def test_contacts_of_companies_are_the_live_ones(seed: int) -> None:
    for world, writer in changing_worlds(Random(seed), SMALL):
        asked = sorted(world.rng.sample(sorted(world.companies), 5))
        found = contacts_of_companies(writer.searcher.segments, np.array(asked, np.uint32))
        assert found.tolist() == [num for num, (employer, _) in sorted(world.contacts.items()) if employer in asked]
