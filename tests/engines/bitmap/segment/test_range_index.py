"""Range index against filtering an array."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.kernel.arrays import to_bitmap
from letrics.engines.bitmap.segment.postings import Postings
from letrics.engines.bitmap.segment.range_index import RangeIndex
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from tests.engines.bitmap.costs import SMALL


def test_range_index_all_levels_match_filtering() -> None:
    generator = random.Random(3)
    count = 300_000
    values = np.array([generator.choice((7, generator.randrange(50_000))) for _ in range(count)], dtype=np.int64)
    nums = np.arange(count, dtype=np.uint32)
    index = RangeIndex.of(nums, values, to_bitmap(nums), BitmapCache(), DEFAULT_COSTS)
    assert len(index.since) == 2 and len(index.rests) == 10 and len(index.buckets) == 37
    for _ in range(60):
        low = generator.choice((None, 7, 6, 8, generator.randrange(-10, 50_010)))
        high = generator.choice((None, 7, 6, 8, generator.randrange(-10, 50_010)))
        inside = np.ones(count, np.bool_)
        if low is not None:
            inside &= values >= low
        if high is not None:
            inside &= values <= high
        assert index.between(low, high) == to_bitmap(nums[inside])
        assert index.count(low, high) == int(inside.sum())


VALUES = st.dictionaries(st.integers(0, 400), st.integers(0, 30) | st.integers(0, 2**40), max_size=150)
BOUNDS = st.lists(st.tuples(*[st.none() | st.integers(-1, 31) | st.integers(0, 2**40)] * 2), min_size=5, max_size=5)


def _between(low: int | None, value: int, high: int | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)


@given(VALUES, BOUNDS, st.sampled_from([1, 2, 9]))
def test_range_index_small_buckets_match_filtering(
    values: dict[int, int], bounds: list[tuple[int | None, int | None]], width: int
) -> None:
    nums = np.array(list(values), np.uint32)
    times = np.array(list(values.values()), np.int64)
    index = RangeIndex.of(nums, times, BitMap(values), BitmapCache(), replace(SMALL, max_gathered_nums=width))
    for low, high in bounds:
        expected = {num for num, value in values.items() if _between(low, value, high)}
        assert set(index.between(low, high)) == expected and index.count(low, high) == len(expected)
        if len(index.ranks):
            asked = np.arange(450)
            assert set(asked[index.matches_range(low, high, asked)].tolist()) == expected


@given(VALUES, BOUNDS, st.integers(0, 2**32), st.sampled_from([1, 8, 72]))
def test_range_index_of_companies_matches_filtering_contacts(
    values: dict[int, int], bounds: list[tuple[int | None, int | None]], seed: int, width: int
) -> None:
    costs = replace(SMALL, max_gathered_nums=width)
    rng = random.Random(seed)
    company = {num: rng.choice([*values, 401, 402]) for num in range(0, 300, rng.choice((1, 2)))}
    nums, of = np.array(list(company), np.uint32), np.array(list(company.values()), np.uint32)
    contacts = Postings.of_pairs(of, nums, BitmapCache(), costs)
    dated = {at: value for at, value in values.items() if at in set(company.values())}
    alive = BitMap(num for num, at in company.items() if at in dated)
    companies, times = np.array(list(dated), np.uint32), np.array(list(dated.values()), np.int64)
    index = RangeIndex.of_companies(companies, times, alive, contacts, of, nums, BitmapCache(), costs)
    for low, high in bounds:
        expected = {num for num, at in company.items() if at in dated and _between(low, dated[at], high)}
        assert set(index.between(low, high)) == expected and index.count(low, high) == len(expected)


def test_range_index_without_values_is_empty() -> None:
    index = RangeIndex.of(np.zeros(0, np.uint32), np.zeros(0, np.int64), BitMap(), BitmapCache(), SMALL)
    assert not index.between(None, None) and not index.between(1, 5) and index.count(1, None) == 0
