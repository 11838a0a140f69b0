"""The preview of an import."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pytest

from letrics.identity.encoded_patches import EncodedCompany
from letrics.identity.patches import CompanyPatch, ContactPatch, Tally
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.mapping import mapper
from letrics.ingest.preview import Preview, preview_rows
from letrics.ingest.rows import DamagedFile, FileRow, RowProblem
from letrics.records import Company, Contact, Kind
from letrics.store.name_changes import Judge, NameChanges


class Counter:
    """Counts every patch as new."""

    def preview_companies(self, patches: Sequence[CompanyPatch], judge: Judge | None = None) -> Tally:
        if judge is not None:
            for changed in (4, 5):
                judge(NameChanges("companies", 10, changed))
        return Tally(new=len(patches))

    def preview_contacts(self, patches: Sequence[ContactPatch | EncodedCompany], judge: Judge | None = None) -> Tally:
        return Tally(new=len(patches), companies_new=1)


def preview(kind: Kind, rows: list[dict[str, Any]], limit: int = 1_000) -> Preview:
    mapping = make_mapping(kind, list(rows[0]), rows)
    rows_of = mapper(kind, cells=True)
    rows_of.use(mapping)
    parsed = [FileRow(line, [str(row)], row) for line, row in enumerate(rows, 2)]
    return preview_rows("x.csv", parsed, rows_of, mapping, Counter(), limit)


def test_preview_rows_has_records_and_counts() -> None:
    rows: list[dict[str, Any]] = [{"Website": f"www.c{n}.example", "Employees": n} for n in range(7)]
    rows[6]["Website"] = "localhost"
    found = preview("companies", [*rows, {"Website": "d.example", "Employees": "many"}])
    assert (found.counts.rows, found.counts.new, found.counts.rejected, found.counts.warned) == (8, 7, 1, 1)
    assert found.complete and found.rejects[0].line == 8 and found.warnings[0].field == "Employees"
    assert [record["id"] for record in found.records] == [f"c{n}.example" for n in range(5)]
    assert found.records[1].keys() == set(Company.__struct_fields__) and found.records[1]["employees"] == 1


def test_preview_rows_has_the_names_to_confirm() -> None:
    assert preview("companies", [{"domain": "a.example"}]).name_changes == [NameChanges("companies", 10, 5)]


def test_preview_rows_of_contacts_has_their_companies() -> None:
    found = preview("contacts", [{"Vorname": "Ann", "E-Mail": "ann@acme.example", "Domain": "acme.example"}])
    [record] = found.records
    assert record.keys() == set(Contact.__struct_fields__)
    assert (record["id"], record["first_name"], record["company"]["domain"]) == (None, "Ann", "acme.example")
    assert found.counts.companies_new == 1


def test_preview_rows_stops_at_the_limit() -> None:
    rows: list[dict[str, Any]] = [{"domain": f"c{n}.example"} for n in range(4)]
    assert (preview("companies", rows, 3).counts.rows, preview("companies", rows, 3).complete) == (3, False)
    assert preview("companies", rows, 4).complete


def test_preview_rows_has_what_the_reader_skipped() -> None:
    text = "Company,Website,City\nAcme,a.example,Bonn\n\nBolt,b.example,Rome\nTotal,2,\n"
    for limit, complete, skipped in ((1, False, 1), (2, True, 2)):
        table = DelimitedReader(io.BytesIO(text.encode()), "x.csv")
        rows_of = mapper("companies", cells=True)
        mapping = make_mapping("companies", table.columns)
        found = preview_rows("x.csv", iter(table), rows_of, mapping, Counter(), limit, table.rest)
        assert (found.complete, found.counts.skipped, found.counts.rows) == (complete, skipped, limit)
        assert ["“Total, 2”" in note for note in found.notes] == [True] * complete


def test_preview_rows_counts_rows_that_cannot_be_read() -> None:
    mapping, rows_of = make_mapping("companies", ["domain"]), mapper("companies", cells=True)
    rows = [FileRow(2, b"x", None, RowProblem(None, "too long")), FileRow(3, b'{"domain": "a.example"}', None)]
    found = preview_rows("x", rows, rows_of, mapping, Counter())
    assert (found.counts.rejected, found.counts.new, found.rejects[0].reason) == (1, 1, "too long")


def test_preview_rows_of_a_damaged_file_says_so() -> None:
    def rows() -> Any:
        yield FileRow(2, b"x", {"domain": "a.example"})
        raise DamagedFile("truncated")

    with pytest.raises(DamagedFile):
        preview_rows("x", rows(), mapper("companies"), make_mapping("companies", ["domain"]), Counter())
