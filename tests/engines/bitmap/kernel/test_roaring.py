"""Conversions between arrays, masks, bits and Roaring bitmaps."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import to_array, to_bitmap
from letrics.engines.bitmap.kernel.roaring import (
    bitmap_of_sorted,
    bitmap_to_mask,
    bitmap_to_mask_in_steps,
    deserialize,
    serialize_mask,
    serialize_nums,
    union,
)
from tests.engines.bitmap.steps import ended


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(60_000, 140_000), max_size=50), st.integers(0, 20_000))
def test_serialize_nums_any_nums_is_what_croaring_writes(few: list[int], run: int) -> None:
    nums = np.unique(np.array([*few, *range(65_000, 65_000 + run)], dtype=np.uint32))
    plain = BitMap(nums.tolist(), optimize=False)  # without run containers
    assert deserialize(serialize_nums(nums)) == bitmap_of_sorted(nums) == plain
    below = nums[nums < 200_000]
    mask = np.zeros(200_000, np.bool_)
    mask[below] = True
    assert deserialize(serialize_mask(mask)) == BitMap(below.tolist())
    assert serialize_nums(nums) == plain.serialize()


@given(st.lists(st.tuples(st.sampled_from([0, 1, 40, 3_000, 60_000]), st.integers(0, 3)), max_size=20), st.integers(0))
@settings(deadline=None)
def test_union_sets_of_any_size_leaves_them_unchanged(shapes: list[tuple[int, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    sets = [np.unique(rng.integers(at << 17, (at << 17) + 150_000, size)).astype(np.uint32) for size, at in shapes]
    before = [to_bitmap(nums) for nums in sets]
    found = union([to_bitmap(nums) for nums in sets])
    assert found == to_bitmap(np.concatenate([np.zeros(0, np.uint32), *sets]))
    assert before == [to_bitmap(nums) for nums in sets]


@given(st.lists(st.tuples(st.sampled_from([5, 4_096, 4_097, 65_536]), st.integers(0, 6)), min_size=1), st.booleans())
@settings(max_examples=30, deadline=None)
def test_bitmap_to_mask_any_containers_has_its_numbers(shapes: list[tuple[int, int]], runs_too: bool) -> None:
    rng = np.random.default_rng(len(shapes))
    parts = [rng.choice(65_536, size, replace=False).astype(np.uint32) + (at << 16) for size, at in shapes]
    many = np.arange((7 << 16) + len(shapes) % 2, (7 << 16) + 2_200_000, 1 if runs_too else 2, dtype=np.uint32)
    numbers = to_bitmap(np.concatenate([many, *parts]))
    if runs_too:
        numbers.run_optimize()
    size = numbers.max() + 1 + len(shapes)
    plain = np.zeros(size, np.bool_)
    plain[to_array(numbers)] = True
    assert np.array_equal(bitmap_to_mask(numbers, size), plain)
    assert np.array_equal(ended(bitmap_to_mask_in_steps(numbers, size, 65_536)), plain)
