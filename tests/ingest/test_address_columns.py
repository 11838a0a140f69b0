"""Whose address a column belongs to, and which of several."""

from __future__ import annotations

import pytest

from letrics.ingest.addresses import PER_ADDRESS
from letrics.ingest.column_mapping import make_mapping


def fields(names: list[str]) -> list[str | None]:
    return [column.field for column in make_mapping("contacts", names).columns]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Person City", "Street", "Zip", "City"], ["city", "company_street", "company_postal_code", "company_city"]),
        (["Person City", "Country", "Full Address"], ["city", "country", "company_address"]),
        (["Company City", "Street", "Zip"], ["company_city", "company_street", "company_postal_code"]),
        (["Company City", "Street", "City"], ["company_city", "street", "city"]),
        (["Street", "Zip"], ["street", "postal_code"]),
        (["Business City", "Business Address"], ["city", "address"]),
        (["Company City", "Business Address"], ["company_city", "company_address"]),
        (["Home City", "Business Address"], ["city", "company_address"]),
        (["Person City", "Person Street", "Company City"], ["city", "street", "company_city"]),
    ],
)
def test_give_to_owners_finds_whose_address_it_is(names: list[str], expected: list[str]) -> None:
    assert fields(names) == expected


def test_number_columns_prefers_states_to_regions_and_counties() -> None:
    for names in (["Region", "State", "County"], ["County", "State", "Region"]):
        ranks = {column.name: column.rank for column in make_mapping("companies", names).columns}
        assert sorted(names, key=ranks.__getitem__) == ["State", "Region", "County"]


def test_number_columns_does_not_mix_two_addresses() -> None:
    names = ["Business City", "Business Country", "Home City", "Home Country", "Other Street"]
    assert fields(names) == ["city", "country", "city", "country", "street"]
    columns = make_mapping("contacts", names).columns
    assert [column.rank // PER_ADDRESS for column in columns] == [0, 0, 1, 1, 2]
    assert fields(["Home City", "Home Country"]) == ["city", "country"]
