"""Readers of import values: what they accept, what they return, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from letrics.ingest import values
from letrics.ingest.partial import Partial


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
