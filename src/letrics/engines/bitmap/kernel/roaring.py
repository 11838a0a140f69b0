"""Conversions between numpy arrays and Roaring bitmaps through the portable serialization format, and unions.

CRoaring takes 10 ns per number to build a bitmap from an array. Writing the serialized form with numpy and
deserializing it is a copy of memory (measured for 1.8 million numbers below 10 million: 3 ms instead of 19).

The format is https://github.com/RoaringBitmap/RoaringFormatSpec without run containers: cookie 12346; the number of
containers; for each container its key (the upper 16 bits of its numbers) and its size less one; for each container its
offset; then the containers. Up to 4,096 numbers are an array container (sorted 16-bit integers), more are a bitset
container (8,192 bytes).
"""

from __future__ import annotations

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

_ALTERNATING_BYTE: Final = 0xAA
"""A byte with every other bit set."""

Mask = npt.NDArray[np.bool_]
"""One boolean per number."""
Bits = npt.NDArray[np.uint8]
"""One bit per number: number n is bit n % 8 of byte n // 8."""


def serialize_nums(nums: Nums) -> bytes:
    """The serialized bitmap of `nums`, which must be ascending and distinct."""
    if not len(nums):
        return _HEADER.pack(_COOKIE, 0)
    if len(nums) > MAX_ARRAY_CONTAINER * (int(nums[-1]) / CONTAINER_SPAN + 1):  # on average, a container is a bitset
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
    if np.count_nonzero(mask) * CONTAINER_SPAN > MAX_ARRAY_CONTAINER * len(mask):  # on average, a container is a bitset
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

    Where more than an eighth of the containers will be arrays, CRoaring makes them in a tenth of the time numpy takes:
    it gets the bits with every other bit inverted, so that every container is a bitset, and inverts them back by XOR.
    """
    counts = _container_counts(bits)
    if 8 * np.count_nonzero(counts <= MAX_ARRAY_CONTAINER) > len(counts):
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
    whole = -(-size // CONTAINER_SPAN) * (CONTAINER_SPAN // 8)
    return np.unpackbits(bitmap_to_bits(numbers, whole), count=size, bitorder="little").view(np.bool_)


def bitmap_to_mask_in_steps(numbers: BitMap, size: int, step_bytes: int) -> Generator[None, None, Mask]:
    """Like `bitmap_to_mask`, in steps of `step_bytes` bytes of bits: touching ten million bytes of new memory takes
    25 ms."""
    bits = bitmap_to_bits(numbers, -(-size // CONTAINER_SPAN) * (CONTAINER_SPAN // 8))
    mask = np.empty(len(bits) * 8, np.uint8)
    for start in range(0, len(bits), step_bytes):
        yield
        part = bits[start : start + step_bytes]
        mask[start * 8 : (start + len(part)) * 8] = np.unpackbits(part, bitorder="little")
    return mask[:size].view(np.bool_)


def bitmap_to_bits(numbers: BitMap, size: int) -> Bits:
    """A bitmap as `size` bytes of bits, which must be whole containers.

    CRoaring converts array containers to bitsets in a fifth of numpy's time: inverting every other bit by XOR makes all
    containers bitsets, and the serialized form then ends with their bits.
    """
    serialized = (numbers ^ _alternating(size)).serialize()
    containers = size // (CONTAINER_SPAN // 8)
    is_complete = serialized.startswith(_HEADER.pack(_COOKIE, containers))
    if not is_complete or (np.frombuffer(serialized, "<u2", 2 * containers, 8)[1::2] < MAX_ARRAY_CONTAINER).any():
        # A container (whose size less one is in the header) is no bitset: it has nearly every other bit, or runs.
        mask = np.zeros(size * 8, np.bool_)
        mask[to_array(numbers)] = True
        return mask_to_bits(mask)
    return np.frombuffer(serialized, np.uint8)[-size:] ^ np.uint8(_ALTERNATING_BYTE)


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
    """The bitmap of `nums`, which must be ascending and distinct.

    CRoaring adds fewer numbers than an array container has in less time than the numpy calls take.
    """
    return to_bitmap(nums) if len(nums) < MAX_ARRAY_CONTAINER else deserialize(serialize_nums(nums))


def union(bitmaps: Sequence[BitMap]) -> BitMap:
    """The union of the bitmaps. Not to be modified: the union of a single bitmap is that bitmap itself.

    `BitMap.union` works through bitset containers and converts small ones back to arrays, which takes 10 µs per
    container whatever its content. Thin bitmaps are united faster in pairs, the smallest first.
    """
    if len(bitmaps) < 2:
        return bitmaps[0] if bitmaps else BitMap()
    rest = sorted(bitmaps, key=len)
    containers = max((container_count(bitmap) for bitmap in rest if bitmap), default=0)
    if len(rest) > 2 and sum(map(len, rest)) > MAX_ARRAY_CONTAINER * containers:
        return BitMap.union(*reversed(rest))  # the largest first: the others are merged into it
    while len(rest) > 1:
        pairs = zip(rest[::2], rest[1::2], strict=False)
        rest = [a | b for a, b in pairs] + rest[len(rest) // 2 * 2 :]
    return rest[0]
