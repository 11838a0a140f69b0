"""Checksums of documents and former states, by which `letrics check` finds everything that anything else has changed,
and by which nothing that is damaged is shown, exported or indexed.

CRC-32 finds every change of up to 32 neighbouring bits, and misses one in four billion others. The num of the record is
part of it, so that the document of another record is found, too. It costs about 0.5 µs a document.

The checksum of a former state is that of its document plus the weighted sum of its numbers. The database adds it up
while it copies the record, so that no document has to be read, and it is NULL where the document has none. A document
that was damaged before it was copied is found, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Final
from zlib import crc32

_HALF: Final = (1 << 32) - 1
"""A mask of the lower half of a number of 64 bits."""
_WEIGHTS: Final = (
    93_318_241, 127_456_853, 71_602_889, 118_074_367, 84_951_023, 132_861_059,
    101_740_577, 68_259_131, 110_623_943, 89_407_361, 124_012_799, 77_835_611,
    129_500_773, 97_108_349,
)  # fmt: skip
"""Odd numbers below 2^27, two for each of up to seven numbers: the sum of all products is below 2^63."""


def checksum_of(num: int, document: bytes) -> int:
    """The checksum of the document of a record. `crc32` takes the lowest 32 bits of the num."""
    return crc32(document, num)


def checksums_of(nums: Iterable[int], documents: Iterable[bytes]) -> Iterator[int]:
    """The checksums of documents, each of the record with the num in the same place."""
    return map(crc32, documents, nums)  # no call of a Python function for each


def checksums_of_changed(nums: Sequence[int], documents: Sequence[bytes], damaged: Set[int]) -> Iterable[int]:
    """The checksums of documents that replace others. Those of the nums `damaged`, which were damaged, stay wrong."""
    sums = checksums_of(nums, documents)
    if not damaged:
        return sums
    return [sum_ ^ (num in damaged) for sum_, num in zip(sums, nums, strict=True)]


def is_damaged_document(num: int, document: bytes, checksum: int | None) -> bool:
    """Whether a document is not the one that was written, as far as that is known. It may be a text by damage."""
    return checksum is not None and (not isinstance(document, bytes) or checksum != crc32(document, num))


def intact(num: int, document: bytes, checksum: int | None) -> bytes:
    """A document as it was written. A damaged one is empty, so that every reader treats it like one that cannot be
    decoded: it may be one letter that differs, which nothing else would notice."""
    return b"" if is_damaged_document(num, document, checksum) else document


def intact_documents(
    nums: Sequence[int], documents: list[bytes], checksums: list[int | None]
) -> list[bytes]:  # fmt: skip
    """Many documents as `intact` returns them."""
    if list(checksums_of(nums, documents)) == checksums:
        return documents
    return list(map(intact, nums, documents, checksums))


def checksum_of_damaged(num: int, document: bytes) -> int:
    """A checksum that is not that of a document, for one that was made of a damaged one: it stays damaged, so that
    `letrics check` still reports it."""
    return crc32(document, num) ^ 1


def sum_of(numbers: Sequence[int | None]) -> int:
    """The weighted sum of the numbers of a row, in halves of 32 bits. NULL counts as 0."""
    halves = [half for number in numbers for half in ((number or 0) & _HALF, ((number or 0) >> 32) & _HALF)]
    return sum(half * weight for half, weight in zip(halves, _WEIGHTS, strict=False))


def solve_sum(total: int, numbers: Sequence[int | None], place: int) -> int | None:
    """The number of up to 32 bits at a place with which `sum_of` is this total; None if there is none."""
    others = [*numbers[:place], 0, *numbers[place + 1 :]]
    number, rest = divmod(total - sum_of(others), _WEIGHTS[2 * place])
    return number if rest == 0 and 0 <= number <= _HALF else None


def sum_in_sql(numbers: Sequence[str]) -> str:
    """The expression of `sum_of`, of columns or parameters."""
    values = [f"coalesce(CAST({number} AS BIGINT), 0)" for number in numbers]
    halves = [half for value in values for half in (f"({value} & {_HALF})", f"(({value} >> 32) & {_HALF})")]
    return " + ".join(f"{half} * {weight}" for half, weight in zip(halves, _WEIGHTS, strict=False))
