"""Headers of a part of one of several addresses."""

from __future__ import annotations

from typing import Any

import pytest

from letrics.ingest.address_names import qualified_part
from letrics.ingest.column_mapping import make_mapping
from letrics.ingest.mapping import mapper
from letrics.ingest.recognition import recognise
from letrics.records import Kind, Place

PARTS = {
    "Street": "street", "Address Line 1": "street", "City": "city", "State/Province": "region", "Zip": "postal_code",
    "Zip Code": "postal_code", "Postcode": "postal_code", "Country": "country",
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("word", "of_contact", "of_company"),
    [
        ("Home", "", None), ("Mailing", "", ""), ("Primary", "", ""), ("Permanent", "", ""), ("Physical", "", ""),
        ("address_1", "", ""), ("Address", "", ""), ("Other", "", ""), ("Registered", "company_", ""),
        ("HQ", "company_", ""), ("Legal", "company_", ""), ("Office", "company_", ""), ("Work", "company_", ""),
    ],
)  # fmt: skip
def test_part_of_an_address_belongs_to_its_owner(word: str, of_contact: str, of_company: str | None, part: str) -> None:
    owners: dict[Kind, str | None] = {"contacts": of_contact, "companies": of_company}
    for kind, prefix in owners.items():
        found = recognise(kind, f"{word} {part}")
        if prefix is None:
            assert found is None or found.fields == ()
        else:
            assert found is not None and found.fields == (f"{prefix}{PARTS[part]}",)


@pytest.mark.parametrize("header", ["Home Town", "Home Page", "Main Contact", "Workplace", "Other Notes", "Legal Name"])
def test_other_header_is_no_part_of_an_address(header: str) -> None:
    assert qualified_part("contacts", header.replace(" ", "").lower()) is None


def location_of(row: dict[str, str]) -> Place:
    rows_of = mapper("contacts", cells=True)
    rows_of.use(make_mapping("contacts", list(row), [row]))
    patch: Any = rows_of.read(row)
    (place,) = patch.locations
    assert isinstance(place, Place)
    return place


def test_parts_of_two_addresses_are_not_mixed() -> None:
    row = {"Full Name": "Ann Abel", "Email": "ann@acme.example", "Home City": "Paris", "Home Zip": "75002",
           "Mailing State": "Texas", "Mailing Country": "United States"}  # fmt: skip
    place = location_of(row)
    assert (place.city, place.region, place.country) == (None, "Texas", "United States")


def test_flat_address_of_close_is_whole() -> None:
    row = {"display_name": "Acme", "primary_contact_name": "Ann Abel",
    "primary_contact_primary_email": "ann@acme.example",
           "address_1_address_1": "Hauptstr. 1", "address_1_city": "Berlin", "address_1_state": "BE",
           "address_1_zipcode": "10115", "address_1_country": "DE"}  # fmt: skip
    place = location_of(row)
    assert (place.city, place.country) == ("Berlin", "Germany")
    assert "Hauptstr. 1, 10115, Berlin" in str(place.text)
