"""Arrays: ranges, distinct values, and conversions from and to bitmaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import expand_ranges, sorted_unique, to_array, to_bitmap
from tests.engines.bitmap.kernel import naive
from tests.engines.bitmap.kernel.shapes import EDGES, FAR, FAR_EDGES, Shapes, numbers_of, with_edges


def test_expand_ranges_few_ranges_gives_their_indices() -> None:
    assert expand_ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert expand_ranges(np.zeros(0), np.zeros(0)).tolist() == []


def test_to_array_of_to_bitmap_is_sorted() -> None:
    assert to_array(to_bitmap(np.array([5, 3, 9], dtype=np.uint32))).tolist() == [3, 5, 9]
    assert to_array(BitMap()).tolist() == []


NUMBERS = st.lists(st.integers(0, 9) | st.integers(0, 2**32 - 1) | st.sampled_from([65_535, 65_536, 2**32 - 1]))
"""Unsorted numbers with duplicates, up to the largest."""


@given(st.lists(st.tuples(st.integers(0, 2**32), st.integers(0, 5))))
def test_expand_ranges_any_ranges_give_every_index(ranges: list[tuple[int, int]]) -> None:
    starts, counts = [start for start, _ in ranges], [count for _, count in ranges]
    found = expand_ranges(np.array(starts, np.int64), np.array(counts, np.uint32))
    assert found.tolist() == naive.expand_ranges(starts, counts)


@pytest.mark.parametrize("dtype", [np.uint32, np.uint64, np.int64])
@given(NUMBERS)
def test_sorted_unique_any_numbers_are_sorted_and_distinct(dtype: type, numbers: list[int]) -> None:
    assert sorted_unique(np.array(numbers, dtype)).tolist() == naive.sorted_unique(numbers)


@given(NUMBERS)
def test_to_bitmap_unsorted_duplicates_is_their_set(numbers: list[int]) -> None:
    assert set(to_bitmap(np.array(numbers, np.uint32))) == set(numbers)
    assert set(to_bitmap(np.array(numbers, np.int64))) == set(numbers)


@with_edges(*EDGES, *FAR_EDGES)
@given(FAR)
@settings(max_examples=6, deadline=None)
def test_to_bitmap_and_to_array_any_containers_are_inverse(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    bitmap = to_bitmap(np.array(numbers[::-1], np.uint32))
    assert list(bitmap) == to_array(bitmap).tolist() == numbers
    bitmap.run_optimize()
    assert to_array(bitmap).tolist() == numbers
