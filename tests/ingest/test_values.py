"""Readers of import values: what they accept, what they return, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings

from letrics.ingest import values
from letrics.ingest.partial import Partial
from letrics.normalize.place import complete_place
from letrics.records import Place
from tests.hostile import ODD_VALUES, any_values, problem_with, problem_with_long_texts

COLUMN_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "read_company_id": values.read_company_id,
    "read_count": values.read_count,
    "read_company_name": values.read_company_name,
    "read_country_part": values.read_country_part,
    "read_department": values.read_department,
    "read_derived": values.read_derived,
    "read_flag": values.read_flag,
    "read_id": values.read_id,
    "read_long_text": values.read_long_text,
    "read_part": values.read_part,
    "read_phone": values.read_phone,
    "read_places": values.read_places,
    "read_seniority": values.read_seniority,
    "read_text": values.read_text,
    "read_texts": values.read_texts,
    "read_time": values.read_time,
    "read_year": values.read_year,
}

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
        (values.read_count, "1,200", 1200),
        (values.read_count, "1200.00", 1200),
        (values.read_count, 12.0, 12),
        (values.read_count, " ", None),
        (values.read_year, 2010, 2010),
        (values.read_flag, " Yes ", True),
        (values.read_flag, 0, False),
        (values.read_flag, "", None),
        (values.read_time, "2026-01-31", "2026-01-31T00:00:00.000Z"),
        (values.read_time, "2026-01-31T10:30:00+01:00", "2026-01-31T09:30:00.000Z"),
        (values.read_time, "2026-01-31T09:30:00.000Z", "2026-01-31T09:30:00.000Z"),
        (values.read_time, " ", None),
        (values.read_time, 46027, "2026-01-05T00:00:00.000Z"),
        (values.read_time, 46027.5, "2026-01-05T12:00:00.000Z"),
        (values.read_time, "0000-00-00", None),
        (values.read_time, "1/31/2026", "2026-01-31T00:00:00.000Z"),
        (
            values.read_places,
            ["Berlin, Germany", "Berlin, Germany", None, " "],
            (complete_place(None, None, None, "Berlin, Germany"),),
        ),
        (
            values.read_places,
            {"city": "Berlin", "country": "Germany"},
            (complete_place("Berlin", None, "Germany", None),),
        ),
        (values.read_places, {"city": " "}, ()),
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
        (values.read_part, "x" * (values.MAX_PLACE + 1), "longer than 500 characters"),
        (values.read_texts, ["x"] * (values.MAX_ITEMS + 1), "has 1,001 items; the maximum is 1,000"),
        (values.read_texts, {"a": 1}, "must be a list of strings"),
        (values.read_count, "11-50", "must be a whole number from 0 to 1,000,000,000"),
        (values.read_count, "1,20", "must be a whole number"),
        (values.read_count, True, "must be a whole number"),
        (values.read_year, 0, "from 500 to 9999"),
        (values.read_flag, 2, "must be true or false"),
        (values.read_time, "2026-02-30T00:00:00.000Z", "does not exist"),
        (values.read_time, 5, "must be a timestamp string"),
        (values.read_time, "1/5/2026", "may be 2026-05-01 or 2026-01-05: pass --date-order dmy or mdy"),
        (values.read_places, 5, "must be a location"),
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
    "value",
    [
        "Berlin, Germany; Paris, France",
        "Berlin, Germany\nParis, France",
        ["Berlin, Germany; Paris, France"],
        ["Berlin, Germany", None, " ", "Paris, France", "Berlin, Germany"],
        "Berlin, Germany, Paris, France",
    ],
)
def test_read_places_of_several_locations_gives_each(value: object) -> None:
    assert [place.text for place in values.read_places(value)] == ["Berlin, Germany", "Paris, France"]


def test_read_places_keeps_a_text_without_a_place() -> None:
    assert values.read_places("Zzyzx and beyond") == (Place(text="Zzyzx and beyond"),)
    assert values.read_places("  ") == values.read_places([None, ""]) == ()


@pytest.mark.parametrize(
    ("value", "country"),
    [
        ("D", "DE"), ("a", "AT"), (" F ", "FR"), ("I", "IT"), ("E", "ES"), ("B", "BE"), ("CH", "CH"), ("NL", "NL"),
        ("X", "X"), ("Deutschland", "Deutschland"), ("", None), (None, None),
    ],
)  # fmt: skip
def test_read_country_part_knows_codes_of_vehicles(value: str | None, country: str | None) -> None:
    assert values.read_country_part(value) == country


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
