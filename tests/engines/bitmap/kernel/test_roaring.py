"""Conversions between arrays, masks, bits and Roaring bitmaps."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Nums, to_array, to_bitmap
from letrics.engines.bitmap.kernel.roaring import (
    bitmap_of_sorted,
    bitmap_to_bits,
    bitmap_to_mask,
    bitmap_to_mask_in_steps,
    bits_to_bitmap,
    container_count,
    deserialize,
    mask_to_bits,
    serialize_dense_mask,
    serialize_mask,
    serialize_nums,
    union,
)
from tests.engines.bitmap.kernel import naive
from tests.engines.bitmap.kernel.shapes import EDGES, FAR, FAR_EDGES, NEAR, Shapes, numbers_of, with_edges
from tests.engines.bitmap.steps import finish


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
    assert np.array_equal(finish(bitmap_to_mask_in_steps(numbers, size, 65_536)), plain)


few_examples = settings(max_examples=6, deadline=None)


def nums_of(numbers: list[int]) -> Nums:
    return np.array(numbers, np.uint32)


def bitmaps_of(numbers: list[int]) -> list[BitMap]:
    """The same bitmap without and with run containers."""
    with_runs = BitMap(numbers)
    with_runs.run_optimize()
    return [BitMap(numbers, optimize=False), with_runs]


@with_edges(*EDGES, *FAR_EDGES)
@given(FAR)
@few_examples
def test_serialize_nums_any_containers_follow_the_format(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    assert serialize_nums(nums_of(numbers)) == naive.serialize(numbers)


@with_edges(*EDGES)
@given(NEAR)
@few_examples
def test_serialize_mask_any_containers_follow_the_format(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    for size in {max(numbers, default=-1) + 1, 4 << 16}:
        mask = np.array(naive.mask_of_numbers(numbers, size), np.bool_)
        assert serialize_mask(mask) == naive.serialize(numbers)


@with_edges(*EDGES)
@given(NEAR)
@few_examples
def test_serialize_dense_mask_any_containers_follow_the_format(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    mask = np.array(naive.mask_of_numbers(numbers, 4 << 16), np.bool_)
    assert serialize_dense_mask(mask) == naive.serialize(numbers)
    assert serialize_dense_mask(mask.astype(np.uint8) * np.uint8(4)) == naive.serialize(numbers)


@with_edges(*EDGES, *FAR_EDGES)
@given(FAR)
@few_examples
def test_deserialize_any_containers_gives_the_numbers(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    data = naive.serialize(numbers)
    assert list(deserialize(data)) == list(deserialize(memoryview(data))) == naive.deserialize(data) == numbers
    for bitmap in bitmaps_of(numbers):
        assert list(deserialize(bitmap.serialize())) == numbers


@with_edges(*EDGES, *FAR_EDGES)
@given(FAR)
@few_examples
def test_bitmap_of_sorted_any_containers_has_the_numbers(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    assert list(bitmap_of_sorted(nums_of(numbers))) == numbers


@with_edges(*EDGES)
@given(NEAR)
@few_examples
def test_mask_to_bits_any_mask_is_padded_to_whole_containers(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    for size in {max(numbers, default=-1) + 1, 4 << 16}:
        mask = np.array(naive.mask_of_numbers(numbers, size), np.bool_)
        assert mask_to_bits(mask).tobytes() == naive.bits_of_numbers(numbers, naive.bytes_of_containers(size))


@with_edges(*EDGES)
@given(NEAR)
@few_examples
def test_bits_to_bitmap_any_bits_has_the_numbers(shapes: Shapes) -> None:
    bits = naive.bits_of_numbers(numbers_of(shapes), 4 * 8192)
    assert list(bits_to_bitmap(np.frombuffer(bits, np.uint8))) == naive.numbers_of_bits(bits)


@with_edges(*EDGES)
@given(NEAR)
@few_examples
def test_bitmap_to_bits_any_containers_has_the_bits(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    for byte_count in {naive.bytes_of_containers(max(numbers, default=0) + 1), 4 * 8192}:
        for bitmap in bitmaps_of(numbers):
            assert bitmap_to_bits(bitmap, byte_count).tobytes() == naive.bits_of_numbers(numbers, byte_count)


@with_edges(*EDGES)
@given(NEAR)
@few_examples
def test_bitmap_to_mask_whole_or_in_steps_is_the_naive_mask(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    for size in {max(numbers, default=-1) + 1, 4 << 16}:
        expected = naive.mask_of_numbers(numbers, size)
        for bitmap in bitmaps_of(numbers):
            assert bitmap_to_mask(bitmap, size).tolist() == expected
            assert finish(bitmap_to_mask_in_steps(bitmap, size, 1000)).tolist() == expected


@with_edges(*EDGES[1:], *FAR_EDGES)
@given(FAR.filter(bool))
@few_examples
def test_container_count_any_containers_counts_to_the_last(shapes: Shapes) -> None:
    numbers = numbers_of(shapes)
    assert {container_count(bitmap) for bitmap in bitmaps_of(numbers)} == {naive.container_count(numbers)}


@with_edges(*EDGES, *FAR_EDGES)
@given(FAR)
@few_examples
def test_union_any_containers_has_the_numbers_of_all(shapes: Shapes) -> None:
    sets = [numbers_of([shape]) for shape in shapes]
    for runs in (False, True):
        bitmaps = [bitmaps_of(numbers)[runs] for numbers in sets]
        assert list(union(bitmaps)) == sorted(naive.union(sets))
        assert [list(bitmap) for bitmap in bitmaps] == sets
