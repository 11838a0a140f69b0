"""The first rows of a file, from which its columns are mapped."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from typing import Final

from letrics.ingest.nested_objects import read_flat_row
from letrics.ingest.rows import DamagedFile, FileRow, Members, row_size

_ROWS: Final = 1_000
"""The maximum number of rows that are read before the import starts."""
_BYTES: Final = 4 << 20
"""The size of rows, in bytes, after which no more are read before the import starts."""


def read_first_rows(rows: Iterable[FileRow]) -> list[Members]:
    """Parse the first rows. One that cannot be parsed has no fields."""
    first: list[Members] = []
    size = 0
    with suppress(DamagedFile):  # the import reports it, after the rows before the damage
        for row in islice(rows, _ROWS):
            first.append(read_flat_row(row).members or {})
            size += row_size(row)
            if size >= _BYTES:
                break
    return first
