"""Batches of rows of a file: how many are read at a time, and the rows of blocks one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from letrics.ingest.rows import DamagedFile, FileRow, RowBlock, Rows, row_size

AHEAD_BYTES: Final = 32 << 20
"""The maximum size of the rows looked up at a time, in bytes."""


def read_batch(rows: Iterator[Rows], most: int) -> tuple[list[Rows], int, DamagedFile | None]:
    """Read the next rows, about `most`, and count them. Also returns the damage of the file after them, if any."""
    some: list[Rows] = []
    count = size = 0
    try:
        for row in rows:
            some.append(row)
            if type(row) is RowBlock:
                count += len(row.raw)
                size += sum(map(len, row.raw))
            else:
                assert type(row) is FileRow
                count += 1
                size += row_size(row)
            if count >= most or size >= AHEAD_BYTES:
                break
    except DamagedFile as error:
        return some, count, error
    return some, count, None


def one_by_one(rows: Iterable[Rows]) -> Iterator[FileRow]:
    """Yield the rows, those of blocks one by one."""
    for row in rows:
        if type(row) is RowBlock:
            yield from row.rows()
        else:
            assert type(row) is FileRow
            yield row
