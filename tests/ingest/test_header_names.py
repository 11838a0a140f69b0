"""Recognition of headers without dots."""

from __future__ import annotations

import pytest

from letrics.ingest.header_names import (
    Recognised,
    concerns_company,
    later,
    mentions_person,
    of_company,
    recognise_header,
    recognise_key,
    without_number,
)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Work Email", "emails"),
        ("No. of Employees", "company_employees"),
        ("Company City", "company_city"),
        ("City (2)", "city"),
        ("City, State", "locations"),
        ("E.mail", "emails"),
        ("???", None),
    ],
)
def test_recognise_header_without_looking_at_dots(header: str, field: str | None) -> None:
    found = recognise_header("contacts", header)
    assert (found and found.fields[0]) == field


def test_recognise_key_knows_no_additions() -> None:
    assert recognise_key("contacts", "firstname") == Recognised(("first_name",))
    assert recognise_key("contacts", "companycapital") is None


def test_mentions_person_of_a_header_about_people() -> None:
    assert mentions_person("Person City") and mentions_person("contact_city")
    assert not mentions_person("City") and not mentions_person("Company City")


def test_concerns_company_of_a_header_about_one() -> None:
    assert concerns_company("Company City") and concerns_company("City (Firma)")
    assert not concerns_company("City") and not concerns_company("employment.domain")


@pytest.mark.parametrize(("header", "found"), [("City (2)", ("City", 1)), ("City", None), ("(2)", None)])
def test_without_number_of_a_repeated_header(header: str, found: tuple[str, int] | None) -> None:
    assert without_number(header) == found


def test_ranks_and_prefixes_of_what_was_recognised() -> None:
    assert later(Recognised(("city",), 1), 2) == Recognised(("city",), 3)
    assert later(Recognised(("city",), 9), 2) == Recognised(("city",), 9)
    assert later(None, 1) is None
    assert of_company(Recognised(("city", "country"), 1)).fields == ("company_city", "company_country")
