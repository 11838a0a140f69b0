"""Naive references of the kernel's routines: plain Python sets, lists and bytes, slow and obviously right."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Sequence

CONTAINER = 65_536
"""Numbers of a container: those that share their upper 16 bits."""


def expand_ranges(starts: Sequence[int], counts: Sequence[int]) -> list[int]:
    return [start + at for start, count in zip(starts, counts, strict=True) for at in range(count)]


def sorted_unique(values: Iterable[int]) -> list[int]:
    return sorted(set(values))


def container_count(numbers: Collection[int]) -> int:
    return max(numbers) // CONTAINER + 1


def union(sets: Iterable[Iterable[int]]) -> set[int]:
    return {number for numbers in sets for number in numbers}


def numbers_of_mask(mask: Iterable[bool]) -> list[int]:
    return [number for number, is_set in enumerate(mask) if is_set]


def mask_of_numbers(numbers: Collection[int], size: int) -> list[bool]:
    mask = [False] * size
    for number in numbers:
        mask[number] = True
    return mask


def bits_of_numbers(numbers: Iterable[int], byte_count: int) -> bytes:
    """Number n is bit n % 8 of byte n // 8."""
    bits = bytearray(byte_count)
    for number in numbers:
        bits[number // 8] |= 1 << number % 8
    return bytes(bits)


def numbers_of_bits(bits: bytes) -> list[int]:
    return [at * 8 + bit for at, byte in enumerate(bits) if byte for bit in range(8) if byte >> bit & 1]


def bytes_of_containers(size: int) -> int:
    """The bytes of bits of as many whole containers as `size` numbers need."""
    return (size + CONTAINER - 1) // CONTAINER * (CONTAINER // 8)


def serialize(numbers: Iterable[int]) -> bytes:
    """The portable Roaring format without run containers, by the specification."""
    containers: dict[int, list[int]] = {}
    for number in sorted(set(numbers)):
        containers.setdefault(number // CONTAINER, []).append(number % CONTAINER)
    head, offsets, content = struct.pack("<II", 12346, len(containers)), b"", b""
    for key, lows in containers.items():
        head += struct.pack("<HH", key, len(lows) - 1)
        offsets += struct.pack("<I", 8 + 8 * len(containers) + len(content))
        content += struct.pack(f"<{len(lows)}H", *lows) if len(lows) <= 4096 else bits_of_numbers(lows, 8192)
    return head + offsets + content


def deserialize(data: bytes) -> list[int]:
    """The numbers of a bitmap in the portable Roaring format without run containers."""
    cookie, count = struct.unpack_from("<II", data)
    assert cookie == 12346
    numbers: list[int] = []
    for at in range(count):
        key, less_one = struct.unpack_from("<HH", data, 8 + 4 * at)
        (offset,) = struct.unpack_from("<I", data, 8 + 4 * count + 4 * at)
        if less_one + 1 <= 4096:
            lows: Iterable[int] = struct.unpack_from(f"<{less_one + 1}H", data, offset)
        else:
            lows = numbers_of_bits(data[offset : offset + 8192])
        numbers += [key * CONTAINER + low for low in lows]
    return numbers


def highest(estimates: Sequence[float], most: int) -> list[float]:
    """The `most` highest estimates, the highest first."""
    return sorted(estimates, reverse=True)[:most]


def common_characters(one: str, other: str) -> int:
    """Characters in common by Ratcliff and Obershelp: the longest common part, and the same on both sides of it."""
    best = (0, 0, 0)
    for at in range(len(one)):
        for start in range(len(other)):
            length = 0
            while one[at + length : at + length + 1] == other[start + length : start + length + 1] != "":
                length += 1
            best = max(best, (length, -at, -start))
    length, at, start = best[0], -best[1], -best[2]
    if not length:
        return 0
    before = common_characters(one[:at], other[:start])
    return before + length + common_characters(one[at + length :], other[start + length :])


def similarity(one: str, other: str) -> float:
    """Twice the characters in common, divided by all characters."""
    total = len(one) + len(other)
    return 2 * common_characters(one, other) / total if total else 1.0
