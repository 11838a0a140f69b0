"""Readers of import values: what they accept, what they return, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings

from letrics.ingest import values
from letrics.ingest.partial import Partial
from tests.hostile import ODD_VALUES, any_values, problem_with, problem_with_long_texts

COLUMN_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "read_company_id": values.read_company_id,
    "read_company_name": values.read_company_name,
    "read_department": values.read_department,
    "read_derived": values.read_derived,
    "read_id": values.read_id,
    "read_long_text": values.read_long_text,
    "read_phone": values.read_phone,
    "read_seniority": values.read_seniority,
    "read_text": values.read_text,
    "read_texts": values.read_texts,
}
"""The readers of columns."""
READERS: Final = COLUMN_READERS | {
    "read_texts with commas": lambda value: values.read_texts(value, commas=True),
    "read_department with commas": lambda value: values.read_department(value, commas=True),
}
"""The readers of columns, and those of lists that commas separate."""


@pytest.mark.parametrize("name", READERS)
def test_reader_of_long_text_ends(name: str) -> None:
    assert problem_with_long_texts(READERS[name]) is None


@pytest.mark.parametrize("name", READERS)
@settings(deadline=None, max_examples=100)
@given(value=any_values())
def test_reader_of_any_value_gives_or_refuses(name: str, value: Any) -> None:
    assert problem_with(READERS[name], value) is None


@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("name", READERS)
def test_reader_of_odd_value_gives_or_refuses(name: str, value: Any) -> None:
    assert problem_with(READERS[name], value) is None


def test_every_public_reader_is_in_the_table() -> None:
    public = {value for name, value in vars(values).items() if name.startswith("read_")}
    assert {reader for reader in public if reader.__module__ == values.__name__} == set(COLUMN_READERS.values())


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        (values.read_text, "  a\tb ", "a b"),
        (values.read_text, " ", None),
        (values.read_text, 17, "17"),
        (values.read_text, -(10**99), str(-(10**99))),
        (values.read_texts, None, ()),
        (values.read_texts, "a", ("a",)),
        (values.read_texts, [" a", "b", "a", "", 3], ("a", "b", "3")),
        (values.read_derived, ["seniority", "department", "seniority"], ("department", "seniority")),
        (values.read_derived, None, ()),
    ],
)
def test_reader_gives_the_normalised_value(reader: Callable[[Any], Any], value: Any, read: Any) -> None:
    assert reader(value) == read


@pytest.mark.parametrize(
    ("reader", "value", "words"),
    [
        (values.read_text, 1.5, "must be a string"),
        (values.read_text, True, "must be a string"),
        (values.read_text, 10**100, "too many digits"),
        (values.read_text, "x" * (values.MAX_TEXT + 1), "longer than 10,000 characters"),
        (values.read_texts, ["x"] * (values.MAX_ITEMS + 1), "has 1,001 items; the maximum is 1,000"),
        (values.read_texts, {"a": 1}, "must be a list of strings"),
        (values.read_derived, ["phone"], "must be a list of names out of department, seniority, is_decision_maker"),
    ],
)
def test_reader_refuses_with_a_reason(reader: Callable[[Any], Any], value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        reader(value)


def test_read_texts_splits_text_alone() -> None:
    assert values.read_texts("a; b;a") == ("a", "b")
    assert values.read_texts(["a;b"]) == ("a;b",)
    assert values.read_texts('["a;b", "c"]') == ("a;b", "c")
    assert values.read_texts("a, b", commas=True) == ("a", "b")
    assert values.read_texts("a / b; c", separator="/") == ("a", "b; c")


def test_read_department_takes_the_first() -> None:
    assert values.read_department("Sales") == "Sales"
    assert values.read_department(["Sales"]) == values.read_department("Sales; Sales") == "Sales"
    assert values.read_department("Sales, Marketing") == "Sales, Marketing"
    reason = '"Marketing" is left out: a contact has one department'
    for value in ("Sales; Marketing", ["Sales", "Marketing"], "Sales | Marketing"):
        assert values.read_department(value) == Partial("Sales", (reason,))
    assert values.read_department("Sales, Marketing", commas=True) == Partial("Sales", (reason,))


def test_read_phone_removes_what_a_spreadsheet_added() -> None:
    assert values.read_phone("'+1 555-0100") == "+1 555-0100"
    assert values.read_phone(15550100) == "15550100"
    assert values.read_phone(None) is values.read_phone(" ") is None


def test_read_phone_takes_the_first_of_several() -> None:
    assert values.read_phone("+1 555-0100 ::: +1 555-0100") == "+1 555-0100"
    assert values.read_phone("+1 555-0100 ::: +1 555-0199") == Partial(
        "+1 555-0100", ('"+1 555-0199" is left out: a contact has one phone',)
    )


@pytest.mark.parametrize(
    "text", ["+33612345678, +33111111111", "+33612345678;+33111111111", "+33612345678 / +33111111111"]
)
def test_read_phone_of_a_list_takes_the_first(text: str) -> None:
    assert values.read_phone(text) == Partial("+33612345678", ('"+33111111111" is left out: a contact has one phone',))


@pytest.mark.parametrize("text", ["+1 555-0100, ext 5", "030/1234567", "0170 / 1234567", "+1 555 0100 | office"])
def test_read_phone_with_a_remark_stays(text: str) -> None:
    assert values.read_phone(text) == text


def test_read_phone_refuses_a_shortened_number() -> None:
    with pytest.raises(ValueError, match="a number that a spreadsheet shortened"):
        values.read_phone("4.93012E+11")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Acme (https://www.notion.so/Acme-0123?pvs=21)", "Acme"),
        ("Acme (Berlin) (https://www.notion.so/Acme)", "Acme (Berlin)"),
        ("Acme (httpd)", "Acme (httpd)"),
        ("https://acme.example", "https://acme.example"),
    ],
)
def test_read_company_name_is_without_the_link_of_a_page(text: str, name: str) -> None:
    assert values.read_company_name(text) == name
