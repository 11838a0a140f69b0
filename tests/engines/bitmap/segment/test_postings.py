"""Postings against a dictionary of sets."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.engines.bitmap.costs import DEFAULT_COSTS
from letrics.engines.bitmap.segment.postings import Postings, dense_threshold
from letrics.engines.bitmap.storage.bitmap_store import BitmapCache
from tests.engines.bitmap.costs import random_costs


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 50)), max_size=80), st.integers(1, 5))
def test_postings_any_pairs_match_a_dictionary_of_sets(pairs: list[tuple[int, int]], dense_from: int) -> None:
    plain: dict[int, set[int]] = {}
    for id_, num in pairs:
        plain.setdefault(id_, set()).add(num)
    distinct = sorted({(id_, num) for id_, num in pairs})
    ids = np.array([id_ for id_, _ in distinct], dtype=np.uint32)
    nums = np.array([num for _, num in distinct], dtype=np.uint32)
    order = np.random.default_rng(1).permutation(len(ids))
    postings = Postings.of_pairs(
        ids[order], nums[order], BitmapCache(), replace(DEFAULT_COSTS, min_bitmap_nums=dense_from)
    )
    for id_ in range(8):
        assert set(postings.get(id_)) == plain.get(id_, set())
    asked = np.array([1, 3, 5, 7], dtype=np.uint32)
    assert set(postings.union(asked)) == set().union(*(plain.get(id_, set()) for id_ in (1, 3, 5, 7)))
    assert postings.count(asked) == sum(len(plain.get(id_, ())) for id_ in (1, 3, 5, 7))
    assert postings.existing(asked).tolist() == [id_ for id_ in (1, 3, 5, 7) if id_ in plain]


PAIRS = st.lists(st.tuples(st.integers(0, 9) | st.integers(0, 500), st.integers(0, 300)), max_size=120)


def _plain(pairs: list[tuple[int, int]]) -> dict[int, set[int]]:
    sets: dict[int, set[int]] = {}
    for id_, num in pairs:
        sets.setdefault(id_, set()).add(num)
    return sets


def _postings(pairs: list[tuple[int, int]], seed: int) -> Postings:
    ids, nums = np.array(pairs, np.uint32).reshape(-1, 2).T
    return Postings.of_pairs(ids, nums, BitmapCache(), random_costs(Random(seed)))


@given(PAIRS, st.sets(st.integers(0, 520), min_size=1, max_size=12), st.integers(0, 99))
def test_postings_every_lookup_matches_a_dictionary_of_sets(
    pairs: list[tuple[int, int]], ids: set[int], seed: int
) -> None:
    plain, postings = _plain(pairs), _postings(pairs, seed)
    asked = np.array(sorted(ids), np.uint32)
    sets = [plain.get(id_, set()) for id_ in sorted(ids)]
    assert set(postings.union(asked)) == set().union(*sets)
    for apart in (False, True):
        assert set().union(*map(set, postings.parts(asked, apart))) == set().union(*sets)
    assert postings.count_each(asked).tolist() == list(map(len, sets))
    assert postings.count(asked) == sum(map(len, sets))
    assert postings.existing(asked).tolist() == [id_ for id_ in sorted(ids) if id_ in plain]
    dense = set(postings.dense_ids.tolist())
    assert postings.sparse_count(asked) == sum(len(plain.get(id_, ())) for id_ in ids - dense)
    assert [set(postings.get(id_)) for id_ in sorted(ids)] == sets


@given(PAIRS, st.integers(0, 99))
def test_postings_frequent_ids_are_bitmaps_and_others_slices(pairs: list[tuple[int, int]], seed: int) -> None:
    plain, postings = _plain(pairs), _postings(pairs, seed)
    least = dense_threshold(max((num for _, num in pairs), default=0) + 1, random_costs(Random(seed)))
    assert postings.dense_ids.tolist() == sorted(id_ for id_, nums in plain.items() if len(nums) >= least)
    assert len(postings.nums) == sum(len(nums) for nums in plain.values() if len(nums) < least)


@pytest.mark.parametrize(("span", "least"), [(0, 512), (10_000_000, 152 * 32), (1 << 20, 512), (17 << 16, 544)])
def test_dense_threshold_grows_with_the_span(span: int, least: int) -> None:
    assert dense_threshold(span, DEFAULT_COSTS) == least


def test_postings_union_of_large_slices_has_no_duplicates() -> None:
    nums = np.arange(0, 250_000, 50, dtype=np.uint32)
    ids = np.repeat(np.array([3, 8], np.uint32), len(nums))
    costs = replace(DEFAULT_COSTS, min_bitmap_nums=6_000)
    postings = Postings.of_pairs(ids, np.r_[nums, nums + np.uint32(50)], BitmapCache(), costs)
    assert not len(postings.dense_ids)
    assert list(postings.union(np.array([3, 8], np.uint32))) == list(range(0, 250_001, 50))
