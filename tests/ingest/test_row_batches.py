"""Batches of rows."""

from __future__ import annotations

from collections.abc import Iterator

from letrics.ingest.row_batches import one_by_one, read_batch
from letrics.ingest.rows import DamagedFile, FileRow, RowBlock, Rows

BLOCK = RowBlock(1, ["a\n", "b\n", "c\n"], {"x": ["a", "b", "c"]})
ROW = FileRow(4, ["d\n"], {"x": "d"})


def test_read_batch_counts_the_rows_of_blocks() -> None:
    rows: Iterator[Rows] = iter([BLOCK, ROW, ROW])
    assert read_batch(rows, 3) == ([BLOCK], 3, None)
    assert read_batch(rows, 3) == ([ROW, ROW], 2, None)
    assert read_batch(rows, 3) == ([], 0, None)


def test_read_batch_returns_the_damage_after_its_rows() -> None:
    def damaged() -> Iterator[Rows]:
        yield ROW
        raise DamagedFile("cut")

    batch, count, damage = read_batch(damaged(), 3)
    assert (batch, count, str(damage)) == ([ROW], 1, "cut")


def test_one_by_one_has_the_rows_of_blocks() -> None:
    assert [row.members for row in one_by_one([BLOCK, ROW])] == [{"x": cell} for cell in "abcd"]
