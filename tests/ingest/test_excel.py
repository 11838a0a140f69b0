"""Workbooks of Excel: values as text, the choice of the sheet, and workbooks that are damaged or too large."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from letrics.ingest.excel import WorkbookReader
from letrics.ingest.input_file import InputFile
from letrics.ingest.rows import MAX_ROW, FileRow, Rest, UnreadableFile
from letrics.ingest.source import check_text, read_source
from letrics.ingest.text_rules import DEFAULT_TEXT_RULES, TextRules
from tests.ingest.workbooks import OLD_WORKBOOK, Date, Fault, workbook

HEADER = ["Email", "Full Name", "Company Domain"]


def read(data: bytes, rules: TextRules = DEFAULT_TEXT_RULES) -> tuple[list[FileRow], list[str]]:
    with InputFile.open("-", io.BytesIO(data)) as file:
        source = read_source(file, rules, remember=True)
        rows = list(source.rows)
        assert source.format == "csv" and source.progress() == source.total
        assert [row.members for row in read_source(file, rules).rows] == [row.members for row in rows]
    return rows, source.notes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("text", "text"), ("0301", "0301"), (301, "301"), (301.0, "301"), (3.5, "3.5"), (493012345678, "493012345678"),
        (0.1 + 0.2, "0.3"), (True, "true"), (False, "false"), (Date(46027), "2026-01-05"), (Fault("#N/A"), None),
        (None, None), ("  ", None), ('a "b", c', 'a "b", c'), ("two\nlines", "two\nlines"), ("\u200bx\u200b", "x"),
        ("-17", "-17"), ("=1+1", "=1+1"), (1e300, str(int(1e300))),
    ],
)  # fmt: skip
def test_value_of_a_cell_becomes_text(value: object, text: str | None) -> None:
    (row,), notes = read(workbook({"Sheet1": [[*HEADER, "Phone", "City"], ["a@x", "A", "x", value, "B"]]}))
    expected = {"Email": "a@x", "Full Name": "A", "Company Domain": "x", "City": "B"}
    assert row.members == expected | ({} if text is None else {"Phone": text})
    assert (row.line, notes) == (2, [])


def test_rows_of_a_sheet_are_read_as_those_of_csv() -> None:
    rows: list[list[object]] = [
        [], ["Leads report"], [], [*HEADER, "Tag", "Tag"], ["a@x", "A\nB", "x", 1, 2], [], ["b@x"],
        ["Total of all leads: 2"],
    ]  # fmt: skip
    with InputFile.open("-", io.BytesIO(workbook({"Leads": rows}))) as file:
        source = read_source(file)
    assert [(row.line, row.members) for row in source.rows] == [
        (5, {"Email": "a@x", "Full Name": "A\nB", "Company Domain": "x", "Tag": "1", "Tag (2)": "2"}),
        (7, {"Email": "b@x"}),
    ]
    assert source.notes == ["standard input: line 4 names the columns; 3 lines above it skipped"]
    assert source.rest().skipped == 2


def test_old_workbook_is_read() -> None:
    rows, notes = read(OLD_WORKBOOK)
    assert [row.members for row in rows] == [
        {
            "Email": "a@x1.example", "Full Name": "Ann Ä", "Company Domain": "x1.example", "Phone": "301",
            "Added": "2026-01-05", "Boss": "true",
        },
        {"Email": "b@x1.example", "Full Name": "Bob", "Company Domain": "x1.example", "Phone": "0301", "Boss": "false"},
    ]  # fmt: skip
    assert notes == ["standard input: sheet 'Leads' is read; the others are not: 'Empty'"]


def test_sheet_with_known_columns_is_chosen() -> None:
    other = [["About this file"], ["Made by", "somebody"]]
    data = workbook({"Cover": other, "Secret": [HEADER, ["no", "no", "no"]], "Leads": [HEADER, ["a@x"]]}, ["Secret"])
    (row,), notes = read(data)
    assert row.members == {"Email": "a@x"}
    assert notes == ["standard input: sheet 'Leads' is read; the others are not: 'Cover'"]


def test_first_sheet_that_is_not_empty_is_the_fallback() -> None:
    (row,), _ = read(workbook({"A": [], "B": [["x", "y"], ["1", "2"]], "C": [["z"], ["3"]]}))
    assert row.members == {"x": "1", "y": "2"}


def test_lines_of_a_sheet_are_skipped() -> None:
    (row,), _ = read(workbook({"A": [HEADER, ["x", "y"], ["1", "2"]]}), rules=TextRules(skip_lines=1))
    assert row.members == {"x": "1", "y": "2"}


def test_workbook_is_recognised_by_its_content(tmp_path: Path) -> None:
    for name, data in (("a.csv", workbook({"A": [HEADER, ["a@x"]]})), ("a.xlsx", b"Email\na@x\n"), ("a", OLD_WORKBOOK)):
        (tmp_path / name).write_bytes(data)
        with InputFile.open(str(tmp_path / name)) as file:
            check_text(file)
            assert next(read_source(file).rows).members


def test_row_of_a_sheet_that_is_too_long_is_rejected_alone() -> None:
    rows, _ = read(workbook({"A": [HEADER, ["x" * MAX_ROW, "A"], ["b@x", "B"]]}))
    assert [row.problem is None for row in rows] == [False, True]


@pytest.mark.parametrize("data", [OLD_WORKBOOK[:600], OLD_WORKBOOK[:8] + b"\0" * 600], ids=["cut off", "empty"])
def test_damaged_old_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="is not a complete"):
        read(data)


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_truncated_workbook_is_refused(kept: float) -> None:
    data = workbook({"A": [HEADER, ["a@x"]]})
    with pytest.raises(UnreadableFile, match="damaged or truncated"):
        read(data[: int(len(data) * kept)])


def test_workbook_without_a_filled_sheet_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="all its sheets are empty"):
        read(workbook({"A": [], "B": []}))


def test_document_of_another_program_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(UnreadableFile, match="document of another program"):
        read(out.getvalue())


def test_sheet_with_far_apart_cells_is_refused() -> None:
    data = workbook({"A": [HEADER, ["a@x"]]})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            text = old.read(member)
            new.writestr(member.filename, text.replace(b'<row r="2"><c r="A2"', b'<row r="1048576"><c r="XFD1048576"'))
    with pytest.raises(UnreadableFile, match="has 17,179,869,184 cells"):
        read(out.getvalue())


@pytest.mark.parametrize("limits", [{"max_xml": 2000}, {"max_bytes": 500}, {"max_cells": 5}])
def test_workbook_beyond_a_limit_is_refused(limits: dict[str, int]) -> None:
    data = workbook({"A": [HEADER, ["a@x"] * 3] * 10})
    WorkbookReader(io.BytesIO(data), "f.xlsx")
    with pytest.raises(UnreadableFile, match="save"):
        WorkbookReader(io.BytesIO(data), "f.xlsx", **limits)


def test_rest_of_a_sheet_is_reported() -> None:
    reader = WorkbookReader(io.BytesIO(workbook({"A": [HEADER, ["a@x"], [], ["b@x"]]})), "f.xlsx")
    assert (len(list(reader.table)), reader.done(), reader.total, reader.table.rest()) == (2, 4, 4, Rest(1))


def test_totals_of_a_sheet_are_skipped_and_shown() -> None:
    sheet: list[list[object]] = [
        ["Company", "Website", "Employees"],
        ["Acme", "acme.example", 12],
        [None, None, None],
        ["Ergebnis", None, 12.0],
    ]
    with InputFile.open("-", io.BytesIO(workbook({"Sheet1": [*sheet, *([[None, None, None]] * 1500)]}))) as file:
        source = read_source(file)
        (row,) = source.rows
        skipped, (note,) = source.rest()
    assert row.members == {"Company": "Acme", "Website": "acme.example", "Employees": "12"}
    assert skipped in (2, 1502) and "from line 4: “Ergebnis, 12”" in note


def test_groups_above_the_header_are_part_of_the_names() -> None:
    sheet: list[list[object]] = [
        ["Sales report"], [None, "Company", None, "Contact"], ["#", "Name", "Website", "First name", "Email"],
        [1, "Acme", "acme.example", "Ann", "ann@acme.example"],
    ]  # fmt: skip
    (row,), _ = read(workbook({"Sheet1": sheet}))
    assert row.members == {
        "#": "1", "Company Name": "Acme", "Company Website": "acme.example", "Contact First name": "Ann",
        "Contact Email": "ann@acme.example",
    }  # fmt: skip
