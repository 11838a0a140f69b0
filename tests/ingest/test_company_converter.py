"""Rows of companies become encoded patches, each on its own."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.company_converter import CompanyConverter
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.rows import FileRow, RowBlock, RowProblem


def test_company_converter_reads_the_rows_of_blocks_one_by_one() -> None:
    converter = CompanyConverter(CompanyMapper(cells=True))
    block = RowBlock(2, ["a.example\n", "b.example\n"], {"domain": ["a.example", "b.example"]})
    rows = list(converter.ahead([block, FileRow(4, ["c.example\n"], {"domain": "c.example"})]))
    patches: list[Any] = [converter.read(row).patch for row in rows]
    assert [patch.domain for patch in patches] == ["a.example", "b.example", "c.example"]


def test_company_converter_rejects_a_row_with_a_problem() -> None:
    converter = CompanyConverter(CompanyMapper())
    for row in (FileRow(1, ["x"], None, RowProblem(None, "not closed")), FileRow(1, b'{"domain": 1}', None)):
        with pytest.raises(RowProblem):
            converter.read(row)
