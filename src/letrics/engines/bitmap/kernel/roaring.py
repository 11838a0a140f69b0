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

from letrics.engines.bitmap.kernel.arrays import Nums, bitmap, members

_COOKIE: Final = 12346
_HEAD: Final = struct.Struct("<II")
SPAN: Final = 1 << 16
"""A container holds numbers that are alike but for their lower 16 bits."""
LISTED: Final = 4_096
"""A container of at most so many numbers holds them as integers."""

_CROWDED: Final = 0.1
"""From this share of their span on, numbers are put into bits all at once."""
_FEW: Final = 4_096
"""So few numbers are added one by one in less time than numpy needs to be called."""

_SEVERAL: Final = 3
_PAIRED: Final = 16
"""Of more sets than this it is never quicker to unite them two by two,"""
_TAKEN: Final = 9_000
"""nor where more numbers than so many a container are taken in, counted each time they are."""

_FEW_THIN: Final = 4
_OTHER: Final = 0xAA
"""Every other bit of a byte."""
_MANY: Final = 1_000
"""From so many numbers a container on a mask is made by way of bits: 80 ms for ten million take 3."""
_STEP: Final = 1 << 18
"""So many bytes of bits become a mask at a time."""

Mask = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]
"""The bit of num n is bit n % 8 of byte n / 8."""


def pack(nums: Nums) -> bytes:
    """The serialised set of `nums`, which must ascend without repeats."""
    if not len(nums):
        return _HEAD.pack(_COOKIE, 0)
    if len(nums) > LISTED and len(nums) > _CROWDED * int(nums[-1]):
        mask = np.zeros(int(nums[-1]) + 1, np.bool_)
        mask[nums] = True
        return pack_crowded(mask)
    first = int(nums[0]) >> 16
    keys = np.arange(first, (int(nums[-1]) >> 16) + 2, dtype=np.uint64)
    edges = np.searchsorted(nums, (keys << np.uint64(16)).astype(np.uint32))
    if int(keys[-1]) == 1 << 16:  # past the last number there is
        edges[-1] = len(nums)
    counts = np.diff(edges)
    low = nums.astype("<u2")
    held = np.flatnonzero(counts)
    if int(counts.max()) <= LISTED:
        return _join(keys[held], counts[held], [low.tobytes()])
    parts: list[Any] = []
    for at in held.tolist():
        part = low[edges[at] : edges[at + 1]]
        if len(part) > LISTED:
            inside = np.zeros(SPAN, np.bool_)
            inside[part] = True
            part = np.packbits(inside, bitorder="little")
        parts.append(part.tobytes())
    return _join(keys[held], counts[held], parts)


def pack_mask(mask: Mask) -> bytes:
    """The serialised set of the places where the mask is true."""
    if np.count_nonzero(mask) > _CROWDED * len(mask):
        return pack_crowded(mask)
    return pack(np.flatnonzero(mask).astype(np.uint32))


def pack_crowded(mask: Mask | npt.NDArray[np.uint8]) -> bytes:
    """The serialised set of the places where the mask is true, or not 0; quickest where it is at most of them."""
    bits = bits_of(mask)
    return _pack_bits(bits, _counts(bits))


def bits_of(mask: Mask | npt.NDArray[np.uint8]) -> Bits:
    """The mask as bits, of whole containers."""
    whole = np.zeros(-(-len(mask) // SPAN) * (SPAN // 8), np.uint8)
    bits = np.packbits(mask, bitorder="little")
    whole[: len(bits)] = bits
    return whole


def _counts(bits: Bits) -> npt.NDArray[np.int64]:
    """How many bits are set in each container."""
    counts: npt.NDArray[np.int64] = np.bitwise_count(bits.view(np.uint64).reshape(-1, SPAN // 64)).sum(1, np.int64)
    return counts


def _pack_bits(bits: Bits, counts: npt.NDArray[np.int64]) -> bytes:
    """The serialised set of the places where a bit is set; `counts` as of `_counts`."""
    containers = bits.reshape(-1, SPAN // 8)
    held = np.flatnonzero(counts)
    if not np.any(counts <= LISTED):
        return _join(held.astype(np.uint64), counts, [containers.data])
    parts: list[Any] = []
    for at in held.tolist():
        part: npt.NDArray[Any] = containers[at]
        if counts[at] <= LISTED:
            part = np.flatnonzero(np.unpackbits(part, bitorder="little")).astype("<u2")
        parts.append(part.tobytes())
    return _join(held.astype(np.uint64), counts[held], parts)


def of_bits(bits: Bits) -> BitMap:
    """The set of the places where a bit is set; whole containers of bits. Where many containers are thin, CRoaring
    makes lists of their numbers in a tenth of the time: it is given the set with every other bit turned, none of whose
    containers is thin, and turns them back."""
    counts = _counts(bits)
    if np.count_nonzero(counts <= LISTED) > _FEW_THIN:
        turned = bits ^ np.uint8(_OTHER)
        held = _counts(turned)
        if np.all(held > LISTED):
            return unpack(_pack_bits(turned, held)) ^ _every_other(len(bits))
    return unpack(_pack_bits(bits, counts))


def _join(keys: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64], parts: list[Any]) -> bytes:
    described = np.empty((len(keys), 2), dtype="<u2")
    described[:, 0] = keys
    described[:, 1] = counts - 1
    sizes = np.where(counts > LISTED, SPAN // 8, 2 * counts)
    start = _HEAD.size + 8 * len(keys)
    offsets = (start + np.cumsum(sizes) - sizes).astype("<u4")
    return b"".join([_HEAD.pack(_COOKIE, len(keys)), described.tobytes(), offsets.tobytes(), *parts])


def mask_of(numbers: BitMap, size: int) -> Mask:
    """The mask of a set of numbers below `size`."""
    if numbers and len(numbers) >= _MANY * containers_of(numbers):
        whole = -(-size // SPAN) * (SPAN // 8)
        return np.unpackbits(bits_of_set(numbers, whole), count=size, bitorder="little").view(np.bool_)
    return _mask(numbers, size)


def mask_in_steps(numbers: BitMap, size: int) -> Generator[None, None, Mask]:
    """The same in steps: ten million bytes that were never touched before take 25 ms."""
    if not numbers or len(numbers) < _MANY * containers_of(numbers):
        return _mask(numbers, size)
    bits = bits_of_set(numbers, -(-size // SPAN) * (SPAN // 8))
    mask = np.empty(len(bits) * 8, np.uint8)
    for start in range(0, len(bits), _STEP):
        yield
        mask[start * 8 : (start + _STEP) * 8] = np.unpackbits(bits[start : start + _STEP], bitorder="little")
    return mask[:size].view(np.bool_)


def _mask(numbers: BitMap, size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[members(numbers)] = True
    return mask


def bits_of_set(numbers: BitMap, size: int) -> Bits:
    """A set of numbers as `size` bytes of bits, which are whole containers.

    CRoaring does it in a fifth of numpy's time: when every other bit is turned, containers of lists become bits."""
    packed = (numbers ^ _every_other(size)).serialize()
    bits = np.frombuffer(packed, np.uint8)[-size:]
    if len(packed) != _HEAD.size + 8 * (size // (SPAN // 8)) + size:  # one has nearly every other bit, or holds runs
        return bits_of(_mask(numbers, size * 8))
    return bits ^ np.uint8(_OTHER)


@lru_cache(4)
def _every_other(size: int) -> BitMap:
    bits = np.full(size, _OTHER, np.uint8)
    return unpack(_pack_bits(bits, _counts(bits)))


def containers_of(numbers: BitMap) -> int:
    """How many containers there are up to the last that a set, which is not empty, has."""
    return (numbers.max() >> 16) + 1


def unpack(data: bytes | memoryview) -> BitMap:
    """The set that was serialised."""
    return BitMap.deserialize(cast("bytes", data))  # it takes any buffer


def ascending(nums: Nums) -> BitMap:
    """The set of `nums`, which must ascend without repeats."""
    return bitmap(nums) if len(nums) < _FEW else unpack(pack(nums))


def union(parts: Sequence[BitMap]) -> BitMap:
    """The numbers in any of the sets. Where there is one alone it is given back: not to be changed.

    CRoaring unites many sets by way of bits, which are made numbers again where they are few: 10 microseconds for each
    container, whatever is in it. A few thin sets are united two by two in less, the smallest first.
    """
    if len(parts) < _SEVERAL:
        return BitMap() if not parts else parts[0] if len(parts) == 1 else parts[0] | parts[1]
    if len(parts) <= _PAIRED:
        found = _two_by_two(parts)
        if found is not None:
            return found
    return BitMap.union(*sorted(parts, key=len, reverse=True))  # the largest take the others in


def _two_by_two(parts: Sequence[BitMap]) -> BitMap | None:
    """The union, or None where that would take in too many numbers."""
    sizes = [(len(part), at) for at, part in enumerate(parts)]
    containers = max((containers_of(part) for part in parts if part), default=0)
    left = _TAKEN * containers
    if sum(size for size, _ in sizes) > LISTED * containers:
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
