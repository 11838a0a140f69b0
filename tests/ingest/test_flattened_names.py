"""Names of columns that were made of JSON with places in lists."""

from __future__ import annotations

import pytest

from letrics.ingest.flattened_names import ListItem, flattened_name, list_item
from letrics.ingest.recognition import recognise


@pytest.mark.parametrize(
    "header", ["emails/0/value", "emails.0.value", "emails[0].value", "emails__0__value", "emails_0_value",
    "emails:0:value",
               "emails[0]/value", "emails[0][value]", "data/0/emails/0/value"],
)  # fmt: skip
def test_place_in_a_list_may_have_any_form(header: str) -> None:
    found = recognise("contacts", header)
    assert found is not None and found.fields == ("emails",)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("emails/1/value", "emails"), ("phones/0/value", "phone"), ("phones.2.number", "phone"), ("emails/3", "emails"),
        ("organization/name", "company_name"), ("organization/primary_domain", "company_domain"),
        ("company/location/city", "company_city"), ("experience[0].company.name", "company_name"),
        ("experience/0/title", "job_title"), ("positions_0_companyName", "company_name"), ("locations/0/city", "city"),
        ("industries/0", "company_industries"), ("company/emails/1/value", "company_emails"),
    ],
)  # fmt: skip
def test_flattened_name_has_the_field_of_its_keys(header: str, field: str) -> None:
    found = recognise("contacts", header)
    assert found is not None and found.fields == (field,)


@pytest.mark.parametrize(
    "header",
    ["experience/1/title", "experience/1/company/name", "experience[2].company.emails[0]", "locations/1/city",
     "companies/1/name", "positions_1_companyName"],
)  # fmt: skip
def test_later_object_of_a_list_is_known_and_not_used(header: str) -> None:
    found = recognise("contacts", header)
    assert found is not None and found.fields == ()


@pytest.mark.parametrize(
    "header", ["emails/0/type", "emails.0.confidence", "education/0/school/name", "skills/0/name", "2024/Revenue",
    "a_1", "x.1.2.3"]
)  # fmt: skip
def test_other_name_stays_unknown(header: str) -> None:
    assert recognise("contacts", header) is None


@pytest.mark.parametrize("header", ["Email", "First Name", "Job Title / Role", "0", "0/1", "/", "[0]", "é" * 400])
def test_header_of_a_table_is_not_flattened(header: str) -> None:
    assert flattened_name(header) is None


def test_address_of_a_lower_place_is_preferred() -> None:
    ranks = [found.rank for n in range(3) if (found := recognise("contacts", f"phones/{n}/value")) is not None]
    assert ranks == sorted(ranks) and len(set(ranks)) == 3


@pytest.mark.parametrize(
    ("header", "item"),
    [
        ("industries/0", ("industries", 0)), ("industries.2", ("industries", 2)),
        ("keywords[10]", ("keywords", 10)), ("technologies_1", ("technologies", 1)),
        ("org/industries/1/name", ("org.industries.name", 1)),
        ("companies/0/industries/3", ("companies.industries", 3)),
        ("industries", ("industries ", 1)), ("company/industries", ("companyindustries ", 1)),
        ("Industries 2", ("industries ", 2)), ("Industry2", ("industry ", 2)), ("Tag (10)", ("tag ", 10)),
        ("industries_2024", ("industries2024 ", 1)), ("2", ("2 ", 1)), ("", (" ", 1)),
    ],
)  # fmt: skip
def test_list_item_has_the_list_and_the_place(header: str, item: ListItem) -> None:
    assert list_item(header) == item


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("technologies/2", ("company_technologies",)), ("company.industries[1]", ("company_industries",)),
        ("organization/industries/1/name", ("company_industries",)),
        ("companies/1/industries/0", ()), ("locations/2", ("locations",)), ("departments/2", ()),
    ],
)  # fmt: skip
def test_later_text_of_a_list_has_the_field_of_the_list(header: str, fields: tuple[str, ...]) -> None:
    found = recognise("contacts", header)
    assert found is not None and found.fields == fields
