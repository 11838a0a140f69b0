"""Texts that mean an empty cell: exactly the listed ones, and fewer in columns of people's names."""

from __future__ import annotations

import pytest
from hypothesis import given

from letrics.normalize.empty_cells import EMPTY_CELLS, EMPTY_COUNTRY_CODES, EMPTY_NAMES, is_empty_cell
from tests.hostile import texts

EVERYWHERE = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "N/A", "n.a.", "\\N", "-", "--", "?", ""]
NOT_IN_NAMES = ["NA", "NULL", "None", "nan", "unknown", "No email found", "email_not_unlocked@domain.com"]


@pytest.mark.parametrize("text", [*EVERYWHERE, *NOT_IN_NAMES])
def test_is_empty_cell_ignores_case_and_white_space(text: str) -> None:
    for variant in (text, text.lower(), text.upper(), text.title(), f"  {text}\u00a0", f"\t{text}\n"):
        assert is_empty_cell(variant)
        assert is_empty_cell(variant, EMPTY_NAMES) == (text in EVERYWHERE)


@pytest.mark.parametrize(
    "text",
    ["Nana", "N A", "Nanette", "0", "---", "??", ".", "none of them", "unknown.com", "Null AG", "na@na.com", "#", "x"],
)
def test_is_empty_cell_of_other_text_is_false(text: str) -> None:
    assert not is_empty_cell(text)


def test_na_is_the_country_code_of_namibia() -> None:
    assert not is_empty_cell("NA", EMPTY_COUNTRY_CODES)
    assert is_empty_cell("N/A", EMPTY_COUNTRY_CODES)


@given(texts())
def test_is_empty_cell_of_any_text_agrees_with_its_list(text: str) -> None:
    assert is_empty_cell(text) == (text.strip().casefold() in EMPTY_CELLS)
