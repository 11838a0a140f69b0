"""Headers: the delimiter and the line that names the columns, below titles and between misleading delimiters."""

from __future__ import annotations

import io
import os

import pytest

from letrics.ingest.delimited import DelimitedReader
from letrics.ingest.header import Header, find_header
from letrics.ingest.text_lines import TextLines


def header(text: str, known: str = "domain name city email", titled: bool = True) -> Header | None:
    return find_header(TextLines(io.BytesIO(text.encode())), set(known.split()).__contains__, titled)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("domain;name;city;Note (a, b, c, d, e)\nx.example;X;Berlin;hello\n", ";"),
        ('domain,name,"tags (a;b;c;d)"\nx.example,X,hello\n', ","),
        ("domain\tname, or names, or more, of them\nx.example\tX\n", "\t"),
        ("domain|a;b;c;d|name\n1|2|3\n", "|"),
        ('"domain";"name"\n"a,b,c,d";"e,f,g,h"\n', ";"),
        ("domain\nx.example\n", ","),
        ("domain;foo, bar\nx;y\n", ";"),
    ],
)
@pytest.mark.parametrize("known", ["domain name city email", ""])
def test_delimiter_inside_names_does_not_mislead(text: str, delimiter: str, known: str) -> None:
    assert header(text, known) == Header(delimiter, 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_first_column_without_a_name_keeps_the_delimiter(delimiter: str) -> None:
    assert header(f"{delimiter}name\n0{delimiter}Acme\n1{delimiter}Birch\n", "name") == Header(delimiter, 0)


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("Leads report,,\n,,\ndomain,name,city\nx.example,X,\n", 2),
        ("Leads report\n\n\ndomain,name,city\nx.example,X,\n", 3),
        ("name\ndomain,name,city\nx.example,X,\n", 1),
        ('"Report, of; leads"\n"As of; 2026, May"\ndomain;name;city\nx.example;X;\n', 2),
        ("domain,a,b\nx.example,name,city\n", 0),
    ],
)
def test_line_below_a_title_is_the_header(text: str, above: int) -> None:
    found = header(text)
    assert found is not None and found.above == above


@pytest.mark.parametrize("end", ["", ",,"])
def test_line_below_keys_and_values_is_the_header(end: str) -> None:
    for keys in ("name:,Acme", "name:,Acme\ncity:,Berlin", "name:,Acme\ncity:,2024-01-05\n\nBy:,Ann"):
        above = "".join(f"{line}{end}\n" for line in keys.split("\n"))
        reader = DelimitedReader(io.BytesIO(f"{above}Name,Email,Phone,City\nA,a@x.example,1,B\n".encode()), "f.csv")
        assert reader.columns == ["Name", "Email", "Phone", "City"]
        assert [(row.members or {})["Email"] for row in reader] == ["a@x.example"]


@pytest.mark.parametrize("text", ["name,\nAcme,\nBolt,\n", "name:,x\nAcme,1\nBolt,2\n", "name,x,\nAcme,city,1\n"])
def test_header_that_may_be_a_key_is_the_first_line(text: str) -> None:
    assert header(text) == Header(",", 0)


def test_header_without_known_names_fills_most_cells() -> None:
    text = "Leads report;;\n\nVorname;Nachname;Firma\nA, B, C;2;3\nD;2;3\n"
    assert header(text, known="") == Header(";", 2)


def test_header_after_skipped_lines_is_the_next_line() -> None:
    assert header("Title,domain,name\ndomain,name,city\n", titled=False) == Header(",", 0)
    assert header("\n\nx;y\n1;2\n", known="", titled=False) == Header(";", 0)


def test_header_with_a_line_end_in_a_name_is_found() -> None:
    data = b'Report\n"first\nname",domain,"na\nme"\nA,x.example,B\n'
    reader = DelimitedReader(io.BytesIO(data), "f.csv")
    (row,) = reader
    assert reader.columns == ["first\nname", "domain", "na\nme"]
    assert (row.line, row.members) == (5, {"first\nname": "A", "domain": "x.example", "na\nme": "B"})


def test_blank_file_has_no_header() -> None:
    assert header("") is None
    assert header("\n  \n\r\n") is None


def test_header_of_a_pipe_is_found_before_its_end() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream, os.fdopen(writing, "wb", buffering=0) as out:
        out.write(b"Report\ndomain,name\nx.example,X\n")
        reader = DelimitedReader(stream, "f.csv")
        rows = iter(reader)
        assert next(rows).members == {"domain": "x.example", "name": "X"}
        out.write(b"y.example,Y\n")
        assert next(rows).members == {"domain": "y.example", "name": "Y"}


def test_reader_notes_the_line_that_names_the_columns() -> None:
    reader = DelimitedReader(
        io.BytesIO(b"Leads report,,\n,,\nemail,full_name,company_domain\na@x.example,A,x\n"), "f.csv"
    )
    (row,) = reader
    assert (row.line, row.members) == (4, {"email": "a@x.example", "full_name": "A", "company_domain": "x"})
    assert reader.notes == ["f.csv: line 3 names the columns; 2 lines above it skipped"]


@pytest.mark.parametrize(
    ("above", "note"),
    [
        ("Lead,,Referred by\n", "line 2 names the columns; the groups that line 1 names are put before names"),
        ("Report\n\nLead,,Referred by\n",
         "line 4 names the columns; the groups that line 3 names are put before names; 2 lines above them skipped"),
        ("Lead,Jane\n", "line 2 names the columns; 1 line above it skipped"),
    ],
)  # fmt: skip
def test_reader_notes_groups_that_are_put_before_names(above: str, note: str) -> None:
    reader = DelimitedReader(io.BytesIO(f"{above}name,email,name,email\nA,a@x.example,B,\n".encode()), "f.csv")
    assert reader.notes == [f"f.csv: {note}"]
    assert (reader.columns[0] == "Lead name") == ("groups" in note)


@pytest.mark.parametrize("skipped", [2, 3])
def test_reader_skips_the_given_lines(skipped: int) -> None:
    data = b"email,full_name\nignored,ignored\n\nVorname,email\nA,a@x.example\n"
    reader = DelimitedReader(io.BytesIO(data), "f.csv", skip_lines=skipped)
    (row,) = reader
    assert (row.line, row.members) == (5, {"Vorname": "A", "email": "a@x.example"})


def test_row_of_data_with_one_known_word_is_no_header() -> None:
    assert header("siren,typeVoie,voie\n123456789,city,PAIX\n987654321,city,PONT\n") == Header(",", 0)
    assert header("city,1999\nBerlin,7\n") == Header(",", 0)


@pytest.mark.parametrize("title", ["", "Leads report\n", "Leads report,,,\n,,,\n"])
@pytest.mark.parametrize("groups", ["name,,email,", "x,,y,", ",name,,city", "email,,city"])
def test_line_below_groups_of_columns_is_the_header(title: str, groups: str) -> None:
    found = header(f"{title}{groups}\ndomain,name,city,email\nx.example,X,Y,Z\n")
    assert found is not None and found.above == title.count("\n") + 1
    assert len(found.groups) in (3, 4) and found.groups[-1] == (groups.strip(",").rpartition(",")[2])


def test_first_blank_cell_makes_one_name_a_group() -> None:
    found = header(",,city,\nemail,domain,name,city\n")
    assert found == Header(",", 1, ("", "", "city", "city"))


@pytest.mark.parametrize(
    "text", ["Leads report,,\ndomain,name,city\n", "domain,,name\nx.example,,X\n", "a,b,c\ndomain,name,city\n"]
)
def test_title_or_full_line_names_no_groups(text: str) -> None:
    found = header(text)
    assert found is not None and found.groups == ()
