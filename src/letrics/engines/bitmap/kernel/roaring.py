"""Conversions between numpy arrays and Roaring bitmaps through the portable serialization format, and unions.

CRoaring takes 10 ns per number to build a bitmap from an array. Writing the serialized form with numpy and
deserializing it is a copy of memory (measured for 1.8 million numbers below 10 million: 3 ms instead of 19).

The format is https://github.com/RoaringBitmap/RoaringFormatSpec without run containers: cookie 12346; the number of
containers; for each container its key (the upper 16 bits of its numbers) and its size less one; for each container its
offset; then the containers. Up to 4,096 numbers are an array container (sorted 16-bit integers), more are a bitset
container (8,192 bytes).
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
"""First field of a serialized bitmap without run containers."""
_HEADER: Final = struct.Struct("<II")
"""The cookie and the number of containers."""
CONTAINER_SPAN: Final = 1 << 16
"""Range of numbers that one container covers: numbers that share their upper 16 bits."""
MAX_ARRAY_CONTAINER: Final = 4_096
"""Maximum numbers in an array container. A container with more numbers is a bitset."""

_DENSE_SHARE: Final = 0.1
"""Minimum share of its range that a set fills to be converted as a whole through a mask."""
_MAX_DIRECT_NUMS: Final = 4_096
"""Below this many numbers, CRoaring adds them in less time than the numpy calls take."""

_MIN_MERGED: Final = 3
"""Minimum number of bitmaps for which the way of uniting them is chosen by cost."""
_MAX_PAIRWISE: Final = 16
"""Maximum number of bitmaps for pairwise union. For more of them it was never faster."""
_MAX_PAIRWISE_NUMS_PER_CONTAINER: Final = 9_000
"""Maximum numbers per container that the steps of a pairwise union may read. A number that several steps read counts
each time. Above it, `BitMap.union` is faster."""

_MIN_THIN_BITMAPS: Final = 4
"""Number of array containers above which `bits_to_bitmap` lets CRoaring make them."""
_ALTERNATING_BYTE: Final = 0xAA
"""A byte with every other bit set."""
_MIN_BATCHED_NUMS: Final = 1_000
"""Minimum numbers per container for which a mask is made through bits (3 ms instead of 80 for ten million numbers)."""
_MASK_STEP: Final = 1 << 18
"""Bytes of bits that are expanded to a mask in one step."""

Mask = npt.NDArray[np.bool_]
"""One boolean per number."""
Bits = npt.NDArray[np.uint8]
"""One bit per number: number n is bit n % 8 of byte n // 8."""


def serialize_nums(nums: Nums) -> bytes:
    """The serialized bitmap of `nums`, which must be ascending and distinct."""
    if not len(nums):
        return _HEADER.pack(_COOKIE, 0)
    if len(nums) > MAX_ARRAY_CONTAINER and len(nums) > _DENSE_SHARE * int(nums[-1]):
        mask = np.zeros(int(nums[-1]) + 1, np.bool_)
        mask[nums] = True
        return serialize_dense_mask(mask)
    first = int(nums[0]) >> 16
    keys = np.arange(first, (int(nums[-1]) >> 16) + 2, dtype=np.uint64)
    edges = np.searchsorted(nums, (keys << np.uint64(16)).astype(np.uint32))
    if int(keys[-1]) == 1 << 16:  # beyond the largest 32-bit number
        edges[-1] = len(nums)
    counts = np.diff(edges)
    low = nums.astype("<u2")
    present = np.flatnonzero(counts)
    if int(counts.max()) <= MAX_ARRAY_CONTAINER:
        return _assemble(keys[present], counts[present], [low.tobytes()])
    parts: list[Any] = []
    for at in present.tolist():
        part = low[edges[at] : edges[at + 1]]
        if len(part) > MAX_ARRAY_CONTAINER:
            inside = np.zeros(CONTAINER_SPAN, np.bool_)
            inside[part] = True
            part = np.packbits(inside, bitorder="little")
        parts.append(part.tobytes())
    return _assemble(keys[present], counts[present], parts)


def serialize_mask(mask: Mask) -> bytes:
    """The serialized bitmap of the positions where the mask is true."""
    if np.count_nonzero(mask) > _DENSE_SHARE * len(mask):
        return serialize_dense_mask(mask)
    return serialize_nums(np.flatnonzero(mask).astype(np.uint32))


def serialize_dense_mask(mask: Mask | npt.NDArray[np.uint8]) -> bytes:
    """The serialized bitmap of the positions where the mask is true, or not 0. Fastest where most positions are."""
    bits = mask_to_bits(mask)
    return _serialize_bits(bits, _container_counts(bits))


def mask_to_bits(mask: Mask | npt.NDArray[np.uint8]) -> Bits:
    """The mask as bits, padded with zeros to whole containers."""
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
    """The serialized bitmap of the positions where a bit is set. `counts` is the result of `_container_counts`."""
    containers = bits.reshape(-1, CONTAINER_SPAN // 8)
    present = np.flatnonzero(counts)
    if not np.any(counts <= MAX_ARRAY_CONTAINER):
        return _assemble(present.astype(np.uint64), counts, [containers.data])
    parts: list[Any] = []
    for at in present.tolist():
        part: npt.NDArray[Any] = containers[at]
        if counts[at] <= MAX_ARRAY_CONTAINER:
            part = np.flatnonzero(np.unpackbits(part, bitorder="little")).astype("<u2")
        parts.append(part.tobytes())
    return _assemble(present.astype(np.uint64), counts[present], parts)


def bits_to_bitmap(bits: Bits) -> BitMap:
    """The bitmap of the positions where a bit is set. `bits` must consist of whole containers.

    Where many containers will be arrays, CRoaring makes them in a tenth of the time numpy takes: it gets the bits with
    every other bit inverted, so that every container is a bitset, and inverts them back by XOR.
    """
    counts = _container_counts(bits)
    if np.count_nonzero(counts <= MAX_ARRAY_CONTAINER) > _MIN_THIN_BITMAPS:
        inverted = bits ^ np.uint8(_ALTERNATING_BYTE)
        inverted_counts = _container_counts(inverted)
        if np.all(inverted_counts > MAX_ARRAY_CONTAINER):
            return deserialize(_serialize_bits(inverted, inverted_counts)) ^ _alternating(len(bits))
    return deserialize(_serialize_bits(bits, counts))


def _assemble(keys: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64], parts: list[Any]) -> bytes:
    """The serialized bitmap from the keys and counts of its containers and their data."""
    described = np.empty((len(keys), 2), dtype="<u2")
    described[:, 0] = keys
    described[:, 1] = counts - 1
    sizes = np.where(counts > MAX_ARRAY_CONTAINER, CONTAINER_SPAN // 8, 2 * counts)
    start = _HEADER.size + 8 * len(keys)
    offsets = (start + np.cumsum(sizes) - sizes).astype("<u4")
    return b"".join([_HEADER.pack(_COOKIE, len(keys)), described.tobytes(), offsets.tobytes(), *parts])


def bitmap_to_mask(numbers: BitMap, size: int) -> Mask:
    """The mask of a bitmap whose numbers are below `size`."""
    if numbers and len(numbers) >= _MIN_BATCHED_NUMS * container_count(numbers):
        whole = -(-size // CONTAINER_SPAN) * (CONTAINER_SPAN // 8)
        return np.unpackbits(bitmap_to_bits(numbers, whole), count=size, bitorder="little").view(np.bool_)
    return _to_mask(numbers, size)


def bitmap_to_mask_in_steps(numbers: BitMap, size: int) -> Generator[None, None, Mask]:
    """Like `bitmap_to_mask`, in steps: touching ten million bytes of new memory takes 25 ms."""
    if not numbers or len(numbers) < _MIN_BATCHED_NUMS * container_count(numbers):
        return _to_mask(numbers, size)
    bits = bitmap_to_bits(numbers, -(-size // CONTAINER_SPAN) * (CONTAINER_SPAN // 8))
    mask = np.empty(len(bits) * 8, np.uint8)
    for start in range(0, len(bits), _MASK_STEP):
        yield
        mask[start * 8 : (start + _MASK_STEP) * 8] = np.unpackbits(bits[start : start + _MASK_STEP], bitorder="little")
    return mask[:size].view(np.bool_)


def _to_mask(numbers: BitMap, size: int) -> Mask:
    """The mask of a bitmap, made from its numbers one by one."""
    mask = np.zeros(size, np.bool_)
    mask[to_array(numbers)] = True
    return mask


def bitmap_to_bits(numbers: BitMap, size: int) -> Bits:
    """A bitmap as `size` bytes of bits, which must be whole containers.

    CRoaring converts array containers to bitsets in a fifth of numpy's time: inverting every other bit by XOR makes all
    containers bitsets, and the serialized form then ends with their bits.
    """
    serialized = (numbers ^ _alternating(size)).serialize()
    bits = np.frombuffer(serialized, np.uint8)[-size:]
    if len(serialized) != _HEADER.size + 8 * (size // (CONTAINER_SPAN // 8)) + size:
        # A container is no bitset: it has nearly every other bit, or runs.
        return mask_to_bits(_to_mask(numbers, size * 8))
    return bits ^ np.uint8(_ALTERNATING_BYTE)


@lru_cache(4)
def _alternating(size: int) -> BitMap:
    """The bitmap of `size` bytes that each have every other bit set."""
    bits = np.full(size, _ALTERNATING_BYTE, np.uint8)
    return deserialize(_serialize_bits(bits, _container_counts(bits)))


def container_count(numbers: BitMap) -> int:
    """The number of containers from 0 to the last one that a bitmap has. The bitmap must not be empty."""
    return (numbers.max() >> 16) + 1


def deserialize(data: bytes | memoryview) -> BitMap:
    """The bitmap from its serialized form."""
    return BitMap.deserialize(cast("bytes", data))  # it accepts any buffer


def bitmap_of_sorted(nums: Nums) -> BitMap:
    """The bitmap of `nums`, which must be ascending and distinct."""
    return to_bitmap(nums) if len(nums) < _MAX_DIRECT_NUMS else deserialize(serialize_nums(nums))


def union(bitmaps: Sequence[BitMap]) -> BitMap:
    """The union of the bitmaps. Not to be modified: the union of a single bitmap is that bitmap itself.

    `BitMap.union` works through bitset containers and converts small ones back to arrays, which takes 10 µs per
    container whatever its content. A few thin bitmaps are united faster in pairs, the smallest first.
    """
    if len(bitmaps) < _MIN_MERGED:
        return BitMap() if not bitmaps else bitmaps[0] if len(bitmaps) == 1 else bitmaps[0] | bitmaps[1]
    if len(bitmaps) <= _MAX_PAIRWISE:
        merged = _merge_pairwise(bitmaps)
        if merged is not None:
            return merged
    return BitMap.union(*sorted(bitmaps, key=len, reverse=True))  # the largest first: the others are merged into it


def _merge_pairwise(bitmaps: Sequence[BitMap]) -> BitMap | None:
    """The union in pairs, smallest first, or None where that would read too many numbers."""
    sizes = [(len(bitmap), number) for number, bitmap in enumerate(bitmaps)]
    containers = max((container_count(bitmap) for bitmap in bitmaps if bitmap), default=0)
    budget = _MAX_PAIRWISE_NUMS_PER_CONTAINER * containers
    if sum(size for size, _ in sizes) > MAX_ARRAY_CONTAINER * containers:
        return None
    heapq.heapify(sizes)
    steps = []
    for number in range(len(bitmaps), 2 * len(bitmaps) - 1):
        (size_a, a), (size_b, b) = heapq.heappop(sizes), heapq.heappop(sizes)
        budget -= size_a + size_b
        if budget < 0:
            return None
        steps.append((a, b))
        heapq.heappush(sizes, (size_a + size_b, number))
    results = list(bitmaps)
    for a, b in steps:
        results.append(results[a] | results[b])
    return results[-1]
