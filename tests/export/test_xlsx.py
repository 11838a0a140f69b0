"""The Excel writer: texts stay texts, and the limits of a sheet and of its cells."""

from __future__ import annotations

import gc
import io
import logging
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from letrics.export.files import temporary_folder, written_whole
from letrics.export.writers import MAX_SHEET_RECORDS, TooManyRecords, check_size
from letrics.records import Company, ContactBody, Email, encode, join_company

pytest.importorskip("xlsxwriter")

from letrics.export.xlsx import MAX_CELL, XlsxWriter

AT = "2026-01-31T09:30:00.123Z"


def company(**members: Any) -> bytes:
    record = Company(id="a.example", domain="a.example", first_seen_at=AT, added_at=AT, updated_at=AT, **members)
    return encode(record)


def workbook(*documents: bytes, members: list[str] | None = None) -> bytes:
    out = io.BytesIO()
    writer = XlsxWriter(out, "companies", members)
    writer.write(writer.encode(documents))
    writer.finish()
    return out.getvalue()


def rows(*documents: bytes, members: list[str] | None = None) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(*documents, members=members)))
    assert book.sheet_names == ["companies"]
    return book.get_sheet_by_name("companies").to_python()


def names(*values: str) -> list[Any]:
    return [row[0] for row in rows(*(company(name=value) for value in values), members=["name"])][1:]


def test_row_has_numbers_texts_and_lists_as_csv_has_them() -> None:
    emails = (Email("info@a.example", "generic"), Email("jo@a.example", "personal"))
    document = company(name="A", employees=50, technologies=("React", "C++"), emails=emails)
    members = ["name", "employees", "founded_year", "technologies", "emails", "added_at"]
    assert rows(document, members=members) == [
        members, ["A", 50.0, "", "React; C++", "info@a.example; jo@a.example", AT],
    ]  # fmt: skip


def test_contact_has_its_company_in_the_same_row() -> None:
    out = io.BytesIO()
    writer = XlsxWriter(out, "contacts", ["full_name", "is_decision_maker", "company.domain"])
    body = encode(ContactBody(id="7", full_name="Jo", is_decision_maker=False, added_at=AT, updated_at=AT))
    writer.write(writer.encode([join_company(body, company()), join_company(body, None)]))
    writer.finish()
    read = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_index(0).to_python()
    assert read == [
        ["full_name", "is_decision_maker", "company_domain"], ["Jo", False, "a.example"], ["Jo", False, ""],
    ]  # fmt: skip


ODD = ["=1+1", "{=A1}", "+49 30 1", "@SUM(1)", "https://a.example/", "mailto:x@a.example", "0123", "1e5", "TRUE",
       "<b>&amp;\"'", "#N/A", "_x0041_", "\ttwo\nlines", "😀", " spaced "]  # fmt: skip


def test_odd_texts_are_stored_as_they_are() -> None:
    assert names(*ODD) == ODD
    parts = zipfile.ZipFile(io.BytesIO(workbook(*(company(name=value) for value in ODD))))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert not [name for name in parts.namelist() if name.startswith("xl/worksheets/_rels")]


def test_text_that_xlsxwriter_takes_for_xml_is_a_text() -> None:
    text = "<r><t>x</t></r>"
    assert names(text) == [f"{text} "]


def test_characters_that_xml_forbids_are_left_out() -> None:
    assert names("a\x00b\x0b\ufffe\x1bc", "a\r\nb\rc") == ["abc", "a\nb\nc"]


def test_apostrophes_that_the_import_removes_are_doubled() -> None:
    assert names("'=1", "x;'=1", "'quoted'") == ["''=1", "x;''=1", "'quoted'"]


def test_long_list_loses_whole_items_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    technologies = tuple(f"technology, {number}" for number in range(3000))
    with caplog.at_level(logging.WARNING, "letrics.export"):
        ((_, (cell,)), long) = rows(company(technologies=technologies), members=["technologies"]), "😀" * 20_000
        assert names(long) == ["😀" * (MAX_CELL // 2)]
    assert MAX_CELL // 2 < len(cell) <= MAX_CELL and cell.startswith('["technology, 0",') and cell.endswith('"]')
    assert [record.message[:11] for record in caplog.records] == ["cut 1 cells", "cut 1 cells"]


def test_more_records_than_a_sheet_has_rows_are_refused() -> None:
    check_size("xlsx", MAX_SHEET_RECORDS)
    check_size("csv", MAX_SHEET_RECORDS + 1)
    with pytest.raises(TooManyRecords, match="at most 1,048,575 records, and these are 1,048,576: narrow the filter"):
        check_size("xlsx", MAX_SHEET_RECORDS + 1)


class Full(io.BytesIO):
    """A stream on a full disk."""

    def write(self, data: Any) -> int:
        raise OSError(28, "No space left on device")


def test_error_of_the_stream_is_raised_as_it_is() -> None:
    writer = XlsxWriter(Full(), "companies")
    with pytest.raises(OSError, match="No space left"):
        writer.finish()
    del writer
    gc.collect()


def test_temporary_rows_are_private_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    stale = tmp_path / ".list.xlsx.rows.999999999.part"
    for left in (stale, tmp_path / f".list.xlsx.rows.{os.getpid()}.part"):
        left.mkdir()
        (left / "rows").write_text("x")
    with written_whole(path) as out, temporary_folder(path) as folder:
        assert folder.parent == tmp_path and folder.stat().st_mode & 0o777 == 0o700 and not stale.exists()
        writer = XlsxWriter(out, "companies", None, folder)
        writer.write(writer.encode([company(name="A")]))
        assert list(folder.iterdir())
        writer.finish()
    assert [file.name for file in tmp_path.iterdir()] == ["list.xlsx"]
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).height == 2
