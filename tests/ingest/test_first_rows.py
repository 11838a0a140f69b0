"""The first rows of a file: how many are read, and what damage and invalid rows do."""

from __future__ import annotations

from collections.abc import Iterator

from letrics.ingest.first_rows import read_first_rows
from letrics.ingest.rows import DamagedFile, FileRow


def lines(count: int, text: bytes = b'{"a": 1}') -> Iterator[FileRow]:
    return (FileRow(number, text, None) for number in range(count))


def test_first_rows_are_at_most_a_thousand() -> None:
    rows = lines(2_000)
    assert read_first_rows(rows) == [{"a": 1}] * 1_000
    assert next(rows).line == 1_000


def test_first_rows_end_at_four_mebibytes() -> None:
    assert len(read_first_rows(lines(100, b'{"a": "%s"}' % (b"x" * (1 << 20))))) == 4


def test_invalid_row_has_no_fields() -> None:
    assert read_first_rows(lines(1, b"nothing")) == [{}]


def test_rows_before_the_damage_are_read() -> None:
    def damaged() -> Iterator[FileRow]:
        yield from lines(2)
        raise DamagedFile

    assert len(read_first_rows(damaged())) == 2
