"""Cells: what is written is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letrics.export.cells import array, guard, join, split, unguard

_texts = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("=+-@';[]{}\""), min_size=1).filter(
    lambda text: bool(text.strip())
)


@given(_texts)
def test_guarding_is_undone(text: str) -> None:
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "'=1", "''=1", "-a"])
def test_formulas_are_guarded(text: str) -> None:
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+49 (30) 1234-5", "-17", "'tis", "a=b", "Acme"])
def test_what_is_harmless_stays(text: str) -> None:
    assert guard(text) == text


@given(st.lists(_texts.map(str.strip).filter(bool), min_size=1))
def test_lists_are_split_into_what_was_joined(items: list[str]) -> None:
    assert [item.strip() for item in split(join(items))] == items


def test_arrays_are_read_as_they_were() -> None:
    assert split(array([{"value": "info@acme.example", "type": "personal"}])) == [
        {"value": "info@acme.example", "type": "personal"}
    ]


def test_a_bracket_alone_is_text() -> None:
    assert split("[sic]; b") == ["[sic]", " b"]
