"""What the command line says about the columns of a file."""

from __future__ import annotations

from letrics.cli.column_summary import mapping_lines, plain_mapping, shown_name, warning_lines
from letrics.ingest.column_mapping import make_mapping


def test_mapping_lines_name_each_column() -> None:
    mapping = make_mapping("contacts", ["First Name", "Work Email", "Zodiac"])
    assert list(mapping_lines("x.csv", mapping)) == [
        "x.csv: contacts, columns used: First Name, Work Email → emails",
        "x.csv: columns ignored: Zodiac",
    ]


def test_mapping_lines_are_short_and_printable() -> None:
    names = [f"\x1b[31mcolumn {number}\n" + "x" * 1_000 for number in range(10_000)]
    text = "".join(mapping_lines("x.csv", make_mapping("contacts", names)))
    assert len(text) < 10_000 and text.isprintable() and "and 9,940 more" in text


def test_warning_lines_skip_what_the_user_ignored() -> None:
    rows = [{"Weg": "a@acme.example", "Facebook": "https://facebook.com/a"}]
    lines = list(warning_lines("x.csv", make_mapping("contacts", ["Weg", "Facebook"], rows)))
    assert len(lines) == 2
    assert "email addresses" in lines[0] and "--map 'Weg=FIELD'" in lines[0]
    assert "web addresses" in lines[1] and "--map" not in lines[1]
    given = make_mapping("contacts", ["Weg", "Facebook"], rows, {"Weg": None, "Facebook": None})
    assert not list(warning_lines("x.csv", given))


def test_plain_mapping_has_reasons_and_samples() -> None:
    [column] = plain_mapping("x.csv", make_mapping("contacts", ["Zodiac"], [{"Zodiac": "Leo"}]))["columns"]
    assert column == {"name": "Zodiac", "field": None, "reason": "unknown", "looks_like": None, "samples": ["Leo"]}


def test_shown_name_is_one_short_line() -> None:
    assert shown_name(" a\tb\x00c ") == "a b c"
    assert len(shown_name("x" * 100)) == 60
