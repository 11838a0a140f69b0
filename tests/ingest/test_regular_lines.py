"""Regular lines become columns; other lines, and totals at the end, do not."""

from __future__ import annotations

import pytest

from letrics.ingest.regular_lines import read_regular
from letrics.ingest.rows import RowBlock

NAMES = ["name", "domain", "revenue"]


def read(*lines: str, cleans: bool = False, wanted: tuple[str, ...] | None = None) -> RowBlock | None:
    return read_regular(2, [f"{line}\n" for line in lines], ",", NAMES, wanted, cleans, odd=False)


def test_regular_lines_are_one_block() -> None:
    block = read("A,'=a.example,1", "B, ,2", cleans=True)
    assert block is not None
    assert (block.line, block.columns) == (2, {"name": ("A", "B"), "domain": ["=a.example", ""], "revenue": ("1", "2")})


def test_columns_that_are_not_wanted_are_left_out() -> None:
    block = read("A,a.example,1", wanted=("revenue", "name"))
    assert block is not None and block.columns == {"name": ("A",), "revenue": ("1",)}


@pytest.mark.parametrize("line", ["B,b.example", "B,b.example,1,2", "B,,", ",,", '"B', '"B" x,b.example,1'])
def test_line_that_is_not_regular_makes_no_block(line: str) -> None:
    assert read("A,a.example,1", line) is None


@pytest.mark.parametrize("totals", [["Total,,3"], ['"Summe",,3'], ["Total,,3", "Average,,1.5"], [",Total,3"]])
def test_totals_below_regular_lines_leave_one_block(totals: list[str]) -> None:
    block = read("A,a.example,1", "B,,2", *totals)
    assert block is not None and len(block.raw) == 2
    assert read(*totals) is None


def test_totals_above_a_row_are_not_regular() -> None:
    assert read("A,a.example,1", "Total,,1", "B,b.example,2") is None
    block = read("A,a.example,1", "TotalEnergies,,1", "Total,total.example,1", "B,b.example,2")
    assert block is not None and len(block.raw) == 4
