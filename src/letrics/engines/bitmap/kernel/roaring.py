"""Roaring sets written as their portable serialisation, straight from numpy arrays.

CRoaring takes in 10 ns a number where a set is built from an array; written in its own format and read back it is a
copy of memory (measured for 1.8 million numbers below 10 million: 19 ms against 3 ms). The format is that of
https://github.com/RoaringBitmap/RoaringFormatSpec, without run containers: cookie 12346, the number of containers, for
each its key (the upper 16 bits of its numbers) and its size less one, for each where it starts, then the containers: up
to 4,096 numbers as sorted 16-bit integers, more as 8,192 bytes of bits.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Generator, Sequence
from functools import lru_cache
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from letrics.engines.bitmap.kernel.arrays import Nums, to_array, to_bitmap

_COOKIE: Final = 12346
_HEADER: Final = struct.Struct("<II")
CONTAINER_SPAN: Final = 1 << 16
"""A container holds numbers that are alike but for their lower 16 bits."""
MAX_ARRAY_CONTAINER: Final = 4_096
"""A container of at most so many numbers holds them as integers."""

_DENSE_SHARE: Final = 0.1
"""From this share of their span on, numbers are put into bits all at once."""
_MAX_DIRECT_NUMS: Final = 4_096
"""So few numbers are added one by one in less time than numpy needs to be called."""

_MIN_MERGED: Final = 3
_MAX_PAIRWISE: Final = 16
"""Of more sets than this it is never quicker to unite them two by two,"""
_MAX_PAIRWISE_NUMS_PER_CONTAINER: Final = 9_000
"""nor where more numbers than so many a container are taken in, counted each time they are."""

_MIN_THIN_BITMAPS: Final = 4
_ALTERNATING_BYTE: Final = 0xAA
"""Every other bit of a byte."""
_MIN_BATCHED_NUMS: Final = 1_000
"""From so many numbers a container on a mask is made by way of bits: 80 ms for ten million take 3."""
_MASK_STEP: Final = 1 << 18
"""So many bytes of bits become a mask at a time."""

Mask = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]
"""The bit of num n is bit n % 8 of byte n / 8."""


def serialize_nums(nums: Nums) -> bytes:
    """The serialised set of `nums`, which must ascend without repeats."""
    if not len(nums):
        return _HEADER.pack(_COOKIE, 0)
    if len(nums) > MAX_ARRAY_CONTAINER and len(nums) > _DENSE_SHARE * int(nums[-1]):
        mask = np.zeros(int(nums[-1]) + 1, np.bool_)
        mask[nums] = True
        return serialize_dense_mask(mask)
    first = int(nums[0]) >> 16
    keys = np.arange(first, (int(nums[-1]) >> 16) + 2, dtype=np.uint64)
    edges = np.searchsorted(nums, (keys << np.uint64(16)).astype(np.uint32))
    if int(keys[-1]) == 1 << 16:  # past the last number there is
        edges[-1] = len(nums)
    counts = np.diff(edges)
    low = nums.astype("<u2")
    held = np.flatnonzero(counts)
    if int(counts.max()) <= MAX_ARRAY_CONTAINER:
        return _assemble(keys[held], counts[held], [low.tobytes()])
    parts: list[Any] = []
    for at in held.tolist():
        part = low[edges[at] : edges[at + 1]]
        if len(part) > MAX_ARRAY_CONTAINER:
            inside = np.zeros(CONTAINER_SPAN, np.bool_)
            inside[part] = True
            part = np.packbits(inside, bitorder="little")
        parts.append(part.tobytes())
    return _assemble(keys[held], counts[held], parts)


def serialize_mask(mask: Mask) -> bytes:
    """The serialised set of the places where the mask is true."""
    if np.count_nonzero(mask) > _DENSE_SHARE * len(mask):
        return serialize_dense_mask(mask)
    return serialize_nums(np.flatnonzero(mask).astype(np.uint32))


def serialize_dense_mask(mask: Mask | npt.NDArray[np.uint8]) -> bytes:
    """The serialised set of the places where the mask is true, or not 0; quickest where it is at most of them."""
    bits = mask_to_bits(mask)
    return _serialize_bits(bits, _container_counts(bits))


def mask_to_bits(mask: Mask | npt.NDArray[np.uint8]) -> Bits:
    """The mask as bits, of whole containers."""
    whole = np.zeros(-(-len(mask) // CONTAINER_SPAN) * (CONTAINER_SPAN // 8), np.uint8)
    bits = np.packbits(mask, bitorder="little")
    whole[: len(bits)] = bits
    return whole


def _container_counts(bits: Bits) -> npt.NDArray[np.int64]:
    """How many bits are set in each container."""
    counts: npt.NDArray[np.int64] = np.bitwise_count(bits.view(np.uint64).reshape(-1, CONTAINER_SPAN // 64)).sum(
        1, np.int64
    )
    return counts


def _serialize_bits(bits: Bits, counts: npt.NDArray[np.int64]) -> bytes:
    """The serialised set of the places where a bit is set; `counts` as of `_counts`."""
    containers = bits.reshape(-1, CONTAINER_SPAN // 8)
    held = np.flatnonzero(counts)
    if not np.any(counts <= MAX_ARRAY_CONTAINER):
        return _assemble(held.astype(np.uint64), counts, [containers.data])
    parts: list[Any] = []
    for at in held.tolist():
        part: npt.NDArray[Any] = containers[at]
        if counts[at] <= MAX_ARRAY_CONTAINER:
            part = np.flatnonzero(np.unpackbits(part, bitorder="little")).astype("<u2")
        parts.append(part.tobytes())
    return _assemble(held.astype(np.uint64), counts[held], parts)


def bits_to_bitmap(bits: Bits) -> BitMap:
    """The set of the places where a bit is set; whole containers of bits. Where many containers are thin, CRoaring
    makes lists of their numbers in a tenth of the time: it is given the set with every other bit turned, none of whose
    containers is thin, and turns them back."""
    counts = _container_counts(bits)
    if np.count_nonzero(counts <= MAX_ARRAY_CONTAINER) > _MIN_THIN_BITMAPS:
        turned = bits ^ np.uint8(_ALTERNATING_BYTE)
        held = _container_counts(turned)
        if np.all(held > MAX_ARRAY_CONTAINER):
            return deserialize(_serialize_bits(turned, held)) ^ _alternating(len(bits))
    return deserialize(_serialize_bits(bits, counts))


def _assemble(keys: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64], parts: list[Any]) -> bytes:
    described = np.empty((len(keys), 2), dtype="<u2")
    described[:, 0] = keys
    described[:, 1] = counts - 1
    sizes = np.where(counts > MAX_ARRAY_CONTAINER, CONTAINER_SPAN // 8, 2 * counts)
    start = _HEADER.size + 8 * len(keys)
    offsets = (start + np.cumsum(sizes) - sizes).astype("<u4")
    return b"".join([_HEADER.pack(_COOKIE, len(keys)), described.tobytes(), offsets.tobytes(), *parts])


def bitmap_to_mask(numbers: BitMap, size: int) -> Mask:
    """The mask of a set of numbers below `size`."""
    if numbers and len(numbers) >= _MIN_BATCHED_NUMS * container_count(numbers):
        whole = -(-size // CONTAINER_SPAN) * (CONTAINER_SPAN // 8)
        return np.unpackbits(bitmap_to_bits(numbers, whole), count=size, bitorder="little").view(np.bool_)
    return _to_mask(numbers, size)


def bitmap_to_mask_in_steps(numbers: BitMap, size: int) -> Generator[None, None, Mask]:
    """The same in steps: ten million bytes that were never touched before take 25 ms."""
    if not numbers or len(numbers) < _MIN_BATCHED_NUMS * container_count(numbers):
        return _to_mask(numbers, size)
    bits = bitmap_to_bits(numbers, -(-size // CONTAINER_SPAN) * (CONTAINER_SPAN // 8))
    mask = np.empty(len(bits) * 8, np.uint8)
    for start in range(0, len(bits), _MASK_STEP):
        yield
        mask[start * 8 : (start + _MASK_STEP) * 8] = np.unpackbits(bits[start : start + _MASK_STEP], bitorder="little")
    return mask[:size].view(np.bool_)


def _to_mask(numbers: BitMap, size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[to_array(numbers)] = True
    return mask


def bitmap_to_bits(numbers: BitMap, size: int) -> Bits:
    """A set of numbers as `size` bytes of bits, which are whole containers.

    CRoaring does it in a fifth of numpy's time: when every other bit is turned, containers of lists become bits."""
    packed = (numbers ^ _alternating(size)).serialize()
    bits = np.frombuffer(packed, np.uint8)[-size:]
    if (
        len(packed) != _HEADER.size + 8 * (size // (CONTAINER_SPAN // 8)) + size
    ):  # one has nearly every other bit, or holds runs
        return mask_to_bits(_to_mask(numbers, size * 8))
    return bits ^ np.uint8(_ALTERNATING_BYTE)


@lru_cache(4)
def _alternating(size: int) -> BitMap:
    bits = np.full(size, _ALTERNATING_BYTE, np.uint8)
    return deserialize(_serialize_bits(bits, _container_counts(bits)))


def container_count(numbers: BitMap) -> int:
    """How many containers there are up to the last that a set, which is not empty, has."""
    return (numbers.max() >> 16) + 1


def deserialize(data: bytes | memoryview) -> BitMap:
    """The set that was serialised."""
    return BitMap.deserialize(cast("bytes", data))  # it takes any buffer


def bitmap_of_sorted(nums: Nums) -> BitMap:
    """The set of `nums`, which must ascend without repeats."""
    return to_bitmap(nums) if len(nums) < _MAX_DIRECT_NUMS else deserialize(serialize_nums(nums))


def union(parts: Sequence[BitMap]) -> BitMap:
    """The numbers in any of the sets. Where there is one alone it is given back: not to be changed.

    CRoaring unites many sets by way of bits, which are made numbers again where they are few: 10 microseconds for each
    container, whatever is in it. A few thin sets are united two by two in less, the smallest first.
    """
    if len(parts) < _MIN_MERGED:
        return BitMap() if not parts else parts[0] if len(parts) == 1 else parts[0] | parts[1]
    if len(parts) <= _MAX_PAIRWISE:
        found = _merge_pairwise(parts)
        if found is not None:
            return found
    return BitMap.union(*sorted(parts, key=len, reverse=True))  # the largest take the others in


def _merge_pairwise(parts: Sequence[BitMap]) -> BitMap | None:
    """The union, or None where that would take in too many numbers."""
    sizes = [(len(part), at) for at, part in enumerate(parts)]
    containers = max((container_count(part) for part in parts if part), default=0)
    left = _MAX_PAIRWISE_NUMS_PER_CONTAINER * containers
    if sum(size for size, _ in sizes) > MAX_ARRAY_CONTAINER * containers:
        return None
    heapq.heapify(sizes)
    steps = []
    for at in range(len(parts), 2 * len(parts) - 1):
        (one, first), (other, second) = heapq.heappop(sizes), heapq.heappop(sizes)
        left -= one + other
        if left < 0:
            return None
        steps.append((first, second))
        heapq.heappush(sizes, (one + other, at))
    made = list(parts)
    for first, second in steps:
        made.append(made[first] | made[second])
    return made[-1]
