"""CSV: quotes, lines within cells, marks between cells, and rows rejected alone with the line they begin on."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.rows import MAX_ROW, FileRow, Rest, RowBlock, UnreadableFile, raw_text
from tests.hostile import bounded


def read(data: bytes) -> tuple[DelimitedReader, list[FileRow]]:
    reader = DelimitedReader(io.BytesIO(data), "file.csv")
    return reader, list(reader)


def rows(data: bytes) -> list[FileRow]:
    return read(data)[1]


def test_quotes_commas_and_lines_within_cells() -> None:
    data = b'\xef\xbb\xbfdomain,name,description\r\na.example,"Acme, ""the"" firm","two\nlines"\r\n\r\nb.example,B,\r\n'
    first, second = rows(data)
    assert (first.line, first.members) == (
        2, {"domain": "a.example", "name": 'Acme, "the" firm', "description": "two\nlines"},
    )  # fmt: skip
    assert (second.line, second.members) == (5, {"domain": "b.example", "name": "B"})
    assert raw_text(first.raw) == 'a.example,"Acme, ""the"" firm","two\nlines"'


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"domain;name\na.example;A, Inc\n", "semicolons"),
        (b"domain\tname\na.example\tA, Inc\n", "tabs"),
        (b"domain|name\na.example|A, Inc\n", "bars"),
        (b"sep=;\ndomain;name\na.example;A, Inc\n", "semicolons"),
    ],
)
def test_other_marks_than_commas_are_found_and_told(data: bytes, note: str) -> None:
    reader, (row,) = read(data)
    assert row.members == {"domain": "a.example", "name": "A, Inc"}
    assert len(reader.notes) == 1
    assert note in reader.notes[0]


def test_commas_need_no_note_and_one_column_is_enough() -> None:
    reader, (row,) = read(b"domain\na.example\n")
    assert (reader.notes, row.members) == ([], {"domain": "a.example"})


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"b.example,caf\xe9", "not UTF-8"),
        (b"b.example,B,C", "3 cells, but the header names 2 columns"),
        (b'b.example,"B" Inc', "double each quote"),
        (b"b.example," + b"x" * (MAX_ROW * 2), "longer than"),
        (b"b.example," + "語".encode() * MAX_ROW, "longer than"),
    ],
)
def test_a_bad_record_is_rejected_alone(record: bytes, reason: str) -> None:
    first, bad, last = rows(b"domain,name\na.example,A\n" + record + b"\nc.example,C\n")
    assert first.members == {"domain": "a.example", "name": "A"}
    assert bad.line == 3
    assert bad.problem is not None
    assert reason in bad.problem.reason
    assert (last.line, last.members) == (4, {"domain": "c.example", "name": "C"})


def test_a_quote_that_is_never_closed_costs_its_line_alone() -> None:
    bad, *good = rows(b'domain,name\na.example,"A\nb.example,B\nc.example,C\n')
    assert bad.line == 2
    assert bad.problem is not None
    assert "not closed" in bad.problem.reason
    assert raw_text(bad.raw) == 'a.example,"A'
    assert [(row.line, row.members and row.members["name"]) for row in good] == [(3, "B"), (4, "C")]


def test_a_quote_left_open_in_a_long_file_does_not_swallow_it() -> None:
    tail = b"".join(b"x%d.example,X\n" % n for n in range(100_000))
    bad, *good = rows(b'domain,name\na.example,"A\n' + tail)
    assert bad.line == 2
    assert bad.problem is not None
    assert len(good) == 100_000
    assert good[-1].line == 100_002


def test_undecodable_lines_in_an_open_quote_stay_rejected() -> None:
    read = rows(b'domain,name\na.example,"A\nb.example,\xff\nc.example,C\n')
    assert [(row.line, row.problem is None) for row in read] == [(2, False), (3, False), (4, True)]


def test_blank_cells_are_absent_and_blank_rows_are_nothing() -> None:
    (row,) = rows(b"domain,name,phone\n,,\na.example,  ,\n")
    assert (row.line, row.members) == (3, {"domain": "a.example"})


def test_record_with_fewer_cells_is_padded() -> None:
    short, full = rows(b"domain,name,phone\na.example\nb.example,B,1\n")
    assert (short.members, full.members) == (
        {"domain": "a.example"},
        {"domain": "b.example", "name": "B", "phone": "1"},
    )


@pytest.mark.parametrize(
    "data",
    [
        b"domain,name,\na.example,A\nb.example,B,\n",
        b"domain,name,\na.example,A,\nb.example,B,,,\n",
        b"domain,name\na.example,A,\nb.example,B\n",
        b"domain;name;;\na.example;A;;\nb.example;B\n",
    ],
)
def test_delimiter_at_the_end_of_a_line_adds_nothing(data: bytes) -> None:
    reader, found = read(data)
    assert reader.columns == ["domain", "name"]
    assert [row.members for row in found] == [
        {"domain": "a.example", "name": "A"},
        {"domain": "b.example", "name": "B"},
    ]


def test_cell_below_a_blank_name_has_the_name_of_its_place() -> None:
    reader, (row,) = read(b"domain,,name,\na.example,x,A,y\n")
    assert reader.columns == ["domain", "column 2", "name"]
    assert row.members == {"domain": "a.example", "column 2": "x", "name": "A", "column 4": "y"}


@pytest.mark.parametrize("ends", [("\n",) * 4, ("\r\n",) * 4, ("\r",) * 4, ("\r\n", "\n", "\r", "")])
def test_line_ends_of_any_kind_end_a_record(ends: tuple[str, ...]) -> None:
    texts = ("domain,name", "a.example,A", 'b.example,"two\rlines"', "c.example,C")
    found = rows("".join(text + end for text, end in zip(texts, ends, strict=True)).encode())
    assert [(row.line, row.members and row.members["name"]) for row in found] == [(2, "A"), (3, "two\rlines"), (5, "C")]


def test_spaces_around_quotes_are_not_part_of_the_cell() -> None:
    found = rows(b'domain, "name" ,phone\na.example, "A, Inc" , 1\n"b.example" ,  "B, Inc", 2\n')
    assert [row.members for row in found] == [
        {"domain": "a.example", "name": "A, Inc", "phone": "1"},
        {"domain": "b.example", "name": "B, Inc", "phone": "2"},
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"=""0301234"""', "0301234"),
        ('="0301234"', "0301234"),
        ('"=""Bob """"B"""""""', 'Bob "B"'),
        ("'0301235", "'0301235"),
        ("'=1+1", "=1+1"),
        ('\'="x"', '="x"'),
        ("O'Brien", "O'Brien"),
        ('=HYPERLINK("x")', '=HYPERLINK("x")'),
        ('=""', None),
    ],
)
def test_excel_text_formula_becomes_its_text(cell: str, text: str | None) -> None:
    (row,) = rows(f"domain,phone,name\na.example,{cell},A\n".encode())
    assert row.members == {"domain": "a.example", "name": "A"} | ({"phone": text} if text else {})


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\u200f", "\u2060", "\ufeff", "\xad", "\ufeff\u200b"])
def test_invisible_characters_at_the_ends_are_dropped(mark: str) -> None:
    data = f"\ufeff\ufeff{mark}domain{mark},{mark}name\n{mark}a.example {mark},{mark}A{mark}B{mark}\nb.example,{mark}\n"
    reader, found = read(data.encode())
    assert reader.columns == ["domain", "name"]
    assert [row.members for row in found] == [{"domain": "a.example", "name": f"A{mark}B"}, {"domain": "b.example"}]


@pytest.mark.parametrize("blank", ["", "   ", ",,", "\t", " , ,", "\xa0", "\u200b,", '""', "\x1a"])
def test_blank_line_is_skipped_and_counted(blank: str) -> None:
    reader, found = read(f"domain,name,phone\na.example,A,1\n{blank}\nb.example,B,2\n{blank}\n".encode())
    assert [row.members and row.members["domain"] for row in found] == ["a.example", "b.example"]
    assert reader.rest() == Rest(2)


def test_footer_is_skipped_counted_and_shown() -> None:
    data = (
        b"email,full_name,company_domain\r\na@x1.example,Ann A,x1.example\r\n   \r\n"
        b'"Leads with status"\r\n"Confidential Information - Do Not Distribute"\r\n\x1a'
    )
    reader, (row,) = read(data)
    assert row.members and row.members["full_name"] == "Ann A"
    skipped, (note,) = reader.rest()
    assert skipped == 4
    assert "2 lines after the last row skipped, from line 4: “Leads with status”, “Confidential" in note


@pytest.mark.parametrize(
    "last", ["b@x1.example", "b@x1.example,,", "https://linkedin.example/in/b", "x2.example", "17"]
)
def test_cell_that_may_identify_a_record_is_no_footer(last: str) -> None:
    reader, found = read(f"email,full_name,company_domain\na@x1.example,A,x1.example\n\n{last}\n".encode())
    assert [row.members and row.members["email"] for row in found] == ["a@x1.example", last.rstrip(",")]
    assert reader.rest() == Rest(1)


def test_line_like_a_footer_before_a_row_is_a_row() -> None:
    reader, found = read(b"name,domain,phone\nTotal of all,,\nA,a.example,1\n\nTotal: 1,,\n")
    assert [row.members and row.members["name"] for row in found] == ["Total of all", "A"]
    assert reader.rest().skipped == 2


def test_totals_after_the_last_row_are_skipped_and_shown() -> None:
    reader, (row,) = read(b"name,domain,revenue\nA,a.example,1\nTotal,,1\nAverage,,1.0\n,,\nGenerated by X,,\n")
    assert row.members == {"name": "A", "domain": "a.example", "revenue": "1"}
    skipped, (note,) = reader.rest()
    assert skipped == 4
    assert "3 lines after the last row skipped, from line 3: “Total, 1”, “Average, 1.0”, “Generated by X”" in note


def test_totals_before_a_row_are_a_row() -> None:
    data = b"name,domain,revenue\n" + b"A,a.example,1\n" * 3 + b"Total,,3\nB,b.example,4\n"
    _, found = read(data)
    assert [row.members and row.members["name"] for row in found] == ["A", "A", "A", "B", "Total"]
    assert [row.members for row in found] == [
        row.members
        for block in DelimitedReader(io.BytesIO(data), "file.csv").blocks()
        for row in (block.rows() if isinstance(block, RowBlock) else [block])
    ]


def test_totals_in_a_column_that_is_not_used_are_skipped() -> None:
    reader = DelimitedReader(io.BytesIO(b"Rank,name,domain,revenue\n1,A,a.example,1\nTotal,,,3\n"), "file.csv")
    reader.want(["name", "domain"])
    assert [row.members for row in reader] == [{"name": "A", "domain": "a.example"}]
    assert reader.rest().skipped == 1


@pytest.mark.parametrize(
    "name", ["Summe GmbH", "Total S.A.", "Gesamtverband Bau e.V.", "Report Media Ltd", "Count Inc."]
)
@pytest.mark.parametrize("line", ["{},,", "\n{}", "{},,\n{} & Co. KG,,"])
def test_company_with_a_legal_form_is_no_footer(name: str, line: str) -> None:
    reader, (_, row, *_) = read(f"name,domain,revenue\nA,a.example,1\n{line.replace('{}', name)}\n".encode())
    assert row.members and row.members["name"] == name
    assert not reader.rest().notes


def test_reader_leaves_out_columns_that_are_not_wanted() -> None:
    for wanted in (["name"], ["phone", "domain"], []):
        reader = DelimitedReader(io.BytesIO(b"domain,name,phone\na.example,A,'=1\nb.example,,2\n"), "file.csv")
        reader.want(wanted)
        full = [{"domain": "a.example", "name": "A", "phone": "=1"}, {"domain": "b.example", "phone": "2"}]
        assert [row.members for row in reader] == [{n: row[n] for n in row if n in wanted} for row in full]


def test_blank_cells_beyond_the_columns_are_passed_over() -> None:
    (row,) = rows(b"domain,name\na.example,A,,\n")
    assert row.members == {"domain": "a.example", "name": "A"}


def test_the_apostrophe_before_a_formula_is_taken_away() -> None:
    (row,) = rows(b"domain,name,description\na.example,'=1+1,'tis\n")
    assert row.members == {"domain": "a.example", "name": "=1+1", "description": "'tis"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"dom\xffain\n", "not UTF-8"), (b'"domain\n', "not closed")],
)
def test_a_first_line_that_cannot_be_used_is_an_error(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(data)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"domain,name\n"])
def test_a_file_without_rows_has_none(data: bytes) -> None:
    assert rows(data) == []


def test_csv_quote_open_to_the_end_costs_its_line_alone() -> None:
    data = b'domain,name\na.example,"A\n' + b"b.example,%s\n" % (b"B" * 100) * 15_000
    tracemalloc.start()
    reader = DelimitedReader(io.BytesIO(data), "f.csv")
    bad, *_ = first = [next(rows := iter(reader)), next(rows)]
    good = sum(row.problem is None for row in rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bad.line == 2 and bad.problem is not None and "not closed" in bad.problem.reason
    assert first[1].problem is None
    assert good == 14_999
    assert peak < 60_000_000


def test_csv_quotes_open_in_every_line_take_linear_time() -> None:
    with bounded(60):
        rows = list(DelimitedReader(io.BytesIO(b"domain,name\n" + b'x","\n' * 20_000), "f.csv"))
    assert [row.line for row in rows] == list(range(2, 20_002))
    assert all(row.problem is not None for row in rows)


@pytest.mark.parametrize("columns", [10_001, 100_000])
def test_csv_of_too_many_columns_is_an_error(columns: int) -> None:
    for head in (",".join(f"c{number}" for number in range(columns)), "," * (columns - 1), "a," * (columns - 1) + "a"):
        with bounded(5), pytest.raises(UnreadableFile, match="the maximum is 10,000") as raised:
            DelimitedReader(io.BytesIO(head.encode() + b"\n"), "f.csv")
        assert len(str(raised.value)) < 200


def test_csv_row_of_many_cells_and_long_cells_is_rejected() -> None:
    data = b"domain,name\n" + b"," * 100_000 + b"x\n" + b"a.example," + b"x" * (MAX_ROW * 3) + b"\nb.example,B\n"
    bad, long, good = DelimitedReader(io.BytesIO(data), "f.csv")
    assert bad.problem is not None and "100001 cells" in bad.problem.reason
    assert long.problem is not None and "longer than" in long.problem.reason
    assert good.members == {"domain": "b.example", "name": "B"}


@pytest.mark.parametrize("mark", ['"', "'", "a", "\r", "\udc80", "é", "\\", "\t", " ", ";", "^"])
def test_csv_separator_line_is_taken_or_passed_over(mark: str) -> None:
    data = f"sep={mark}\ndomain{mark}name\na.example{mark}A\n".encode("utf-8", "surrogateescape")
    try:
        rows = list(DelimitedReader(io.BytesIO(data), "f.csv"))
    except UnreadableFile:
        return
    assert len(rows) <= 3


def test_first_line_longer_than_a_row_is_refused() -> None:
    """A part of it would be taken for the whole, and rows for ones with too many cells."""
    data = b"domain," + b",".join(b"column %d" % number for number in range(100_000)) + b"\na.example\n"
    with pytest.raises(
        UnreadableFile, match="the first line must name the columns, but it is longer than 1,048,576 bytes"
    ):
        DelimitedReader(io.BytesIO(data), "f.csv")


_LINES = st.sampled_from(
    ["a.example,A,1", "b.example,,", ",,", " , ,\t", "c.example,'=1,2", 'd.example,"=""0301""",3',
     "e.example,\u200bE,4", 'f.example,"two\nlines",5', "g.example,G", "h.example,H,6,", "Total: 7,,",
     "Total,,7", ",Total,7", "'Sum,,'8", "Total,x.example,7",
     "i.example,\xa0,\x1a", 'j.example,"J', "k.example,\udcff,8", "l.example,'L,=9"]
)  # fmt: skip
"""Lines of a table, some of which are no row of one line with all cells."""


@settings(deadline=None, max_examples=300)
@given(st.lists(_LINES, max_size=6), st.sampled_from([None, ("domain", "phone"), ("name",)]))
def test_blocks_have_the_rows_that_are_read_one_by_one(lines: list[str], wanted: tuple[str, ...] | None) -> None:
    data = "\n".join(["domain,name,phone", *lines]).encode("utf-8", "surrogateescape")
    single, table = (DelimitedReader(io.BytesIO(data), "file.csv") for _ in range(2))
    if wanted is not None:
        single.want(wanted)
        table.want(wanted)
    read = [row for block in table.blocks() for row in (block.rows() if isinstance(block, RowBlock) else [block])]
    expected = list(single)
    assert [row[:3] for row in read] == [row[:3] for row in expected]
    assert [str(row.problem) for row in read] == [str(row.problem) for row in expected]
    assert table.rest() == single.rest()


@pytest.mark.parametrize(
    ("lines", "names", "skipped"),
    [
        (["A,a.example,1", "Subtotal,,1", "B,b.example,2", "Subtotal,,2", "Total,,3"], "AB", 3),
        (["A,a.example,1", "Summe,,1", "B,b.example,2", "Summe,,2", "C,c.example,3", "Summe,,3"], "ABC", 3),
        (["A,a.example,1", "Total,,1", "B,b.example,2", "Total,,2", "Grand total,,3"], "AB", 3),
        (["A,a.example,1", "Sous-total : 1,,", "B,b.example,2"], "AB", 1),
        (["A,a.example,1", ",Total,1", "B,b.example,2", "", ",Total,2", "C,c.example,3"], "ABC", 3),
    ],
)
def test_totals_between_rows_are_skipped_and_shown(lines: list[str], names: str, skipped: int) -> None:
    data = "\n".join(["name,domain,revenue", *lines, ""]).encode()
    reader, found = read(data)
    assert [row.members and row.members["name"] for row in found] == list(names)
    assert reader.rest().skipped == skipped and "of totals between rows skipped, from line 3" in reader.rest().notes[0]
    whole = DelimitedReader(io.BytesIO(data), "file.csv")
    in_blocks = [row for rows in whole.blocks() for row in (rows.rows() if isinstance(rows, RowBlock) else [rows])]
    assert [row.members for row in in_blocks] == [row.members for row in found] and whole.rest() == reader.rest()


@pytest.mark.parametrize(
    "line",
    ["Total,total.example,1", "TotalEnergies,,1", "Total,,", "Subtotal,,", "Average,,", "Total DE,,1", "Total,,1"],
)
def test_company_called_total_between_rows_stays(line: str) -> None:
    reader, found = read(f"name,domain,revenue\nA,a.example,1\n{line}\nB,b.example,2\nTotal,,3\n".encode())
    assert len(found) == 3 and reader.rest().skipped == 1


@pytest.mark.parametrize("label", ["Total DE", "Total", "Summe Deutschland", "Sous-total Île-de-France"])
def test_totals_of_a_group_in_its_column_are_skipped(label: str) -> None:
    rows = f"DE,A,a.example,1\n{label},,,1\nFR,B,b.example,2\n"
    reader, found = read(f"Country,Company,Website,Employees\n{rows}".encode())
    assert [row.members and row.members["Company"] for row in found] == ["A", "B"] and reader.rest().skipped == 1
    _, found = read(f"Company,Country,Website,Employees\nA,DE,a.example,1\n{label},,,1\nB,FR,b.example,2\n".encode())
    assert len(found) == 3
