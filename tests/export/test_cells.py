"""Cells: decoding an encoded cell restores its value."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letrics.export import cells
from letrics.export.cells import array, guard, join, row, split, unguard
from tests.hostile import texts

_texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"))
    | st.sampled_from("=+-@＝＋－＠\u200b\ufeff\u00ad\u3000\t\r\n';|[]{}\" 17"),
    min_size=1,
).filter(lambda text: bool(text.strip()))


@settings(deadline=None)
@given(_texts)
def test_guarding_is_undone(text: str) -> None:
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "'=1", "''=1", "-a", "＝1+1", "＋1", "－1", "＠SUM(A1)",
     "﹦1", "  =1", "\u200b=1", "\ufeff=1", "\u00ad＝1",
     "\u3000=1", "\u2060'=1", "\x00=1", "\ufe0f=1"],
)  # fmt: skip
def test_formulas_are_guarded(text: str) -> None:
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "guarded"),
    [("foo;=cmd()", "foo;'=cmd()"), ("foo\t=1", "foo\t'=1"), ("foo|@SUM(A1)", "foo|'@SUM(A1)"),
     ("foo\n+a", "foo\n'+a"), ("foo\r\n-a", "foo\r\n'-a"), ("foo; ＝1", "foo;' ＝1"), ("foo;\u200b=1", "foo;'\u200b=1"),
     ('foo;"=1"', "foo;'\"=1\""), ("foo;'=1", "foo;''=1"), ("=1;=2;=3", "'=1;'=2;'=3"), ("a;-1;=1", "a;-1;'=1"),
     ("\t=1", "'\t'=1"), ("\r=1", "'\r'=1"), ("\n=1", "'\n'=1"), ('["a;=b","c"]', '["a;\'=b","c"]')],
)  # fmt: skip
def test_guard_reaches_parts_behind_separators(text: str, guarded: str) -> None:
    assert guard(text) == guarded and unguard(guarded) == text


def test_guard_reaches_every_item_of_a_list() -> None:
    items = ["plain", "=1+1", "@x", "+49 30 1234"]
    cell = guard(join(items))
    assert cell == "plain;' =1+1;' @x; +49 30 1234"
    assert [item.strip() for item in split(unguard(cell))] == items


def test_guard_of_a_long_run_is_linear() -> None:
    for text in ("\t" * 200_000, "; " * 100_000 + "=", ";" + " " * 200_000, ";" + "1" * 200_000):
        assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["+49 (30) 1234-5", "-17", "'tis", "a=b", "Acme", "a;b=c", "x; +49 30; -17", "1\n+2"])
def test_what_is_harmless_stays(text: str) -> None:
    assert guard(text) == text


@settings(deadline=None)
@given(st.lists(_texts.map(str.strip).filter(bool), min_size=1))
def test_lists_are_split_into_what_was_joined(items: list[str]) -> None:
    assert [item.strip() for item in split(join(items))] == items


@pytest.mark.parametrize("items", [[""], ["", "b"], ["", "a;b"]])
def test_join_of_an_empty_item_is_a_cell(items: list[str]) -> None:
    assert [item.strip() for item in split(join(items)) if item] == [item for item in items if item]


def test_arrays_are_read_as_they_were() -> None:
    assert split(array([{"value": "info@acme.example", "type": "personal"}])) == [
        {"value": "info@acme.example", "type": "personal"}
    ]


def test_a_bracket_alone_is_text() -> None:
    assert split("[sic]; b") == ["[sic]", " b"]


@pytest.mark.parametrize("cell", ["a;b", "a\tb", "a|b", "a,b", 'a"b', "a\nb", "a\rb", "a\r\nb", " a", "a "])
def test_cell_with_a_separator_of_any_locale_is_quoted(cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    assert row(["x", cell, "y"]) == f"x,{quoted},y\n"


def test_cell_without_a_separator_is_not_quoted() -> None:
    assert row(["Acme Inc.", "it's", "2026-01-31T09:30:00.000Z", ""]) == "Acme Inc.,it's,2026-01-31T09:30:00.000Z,\n"


def test_row_of_one_empty_cell_is_no_blank_line() -> None:
    assert row([""]) == '""\n'


@settings(deadline=None)
@given(st.lists(_texts | st.just(""), min_size=1, max_size=5))
def test_row_is_read_back_by_a_csv_reader(cells: list[str]) -> None:
    assert list(csv.reader([row(cells)], strict=True)) == [cells]


@settings(deadline=None, max_examples=300)
@given(texts())
def test_any_cell_is_split(cell: str) -> None:
    assert isinstance(cells.split(cell), list)
    assert cells.unguard(cells.guard(cell)) == cell
