"""Conversion of rows of companies into encoded patches for the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from letrics.identity.encoded_patches import (
    EncodedCompany,
    encode_company_patch,
)
from letrics.ingest.company_mapper import CompanyMapper
from letrics.ingest.converted_rows import Look
from letrics.ingest.nested_objects import read_flat_row
from letrics.ingest.row_batches import one_by_one
from letrics.ingest.rows import FileRow, RowProblem, Rows
from letrics.records import Kind


class CompanyConverter:
    """Converts company rows into patches."""

    kind: Kind = "companies"

    def __init__(self, mapper: CompanyMapper) -> None:
        self.mapper = mapper

    def ahead(self, rows: Iterable[Rows]) -> Iterator[FileRow]:
        """Return the rows one by one."""
        return one_by_one(rows)

    def know(self, look: Look) -> None:
        """Do nothing: unchanged company rows are not recognised."""

    def for_store(self, rows: list[EncodedCompany]) -> list[EncodedCompany]:
        """Return the rows as they are."""
        return rows

    def read(self, row: FileRow) -> EncodedCompany:
        """Map a row to its patch. Raises RowProblem."""
        row = read_flat_row(row)
        if row.problem is not None:
            raise row.problem.again()
        if row.members is None:
            raise RowProblem(None, "the row is empty")
        return encode_company_patch(self.mapper.read(row.members))
