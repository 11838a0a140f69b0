"""Columns of several addresses of one record."""

from __future__ import annotations

import pytest

from letrics.ingest.addresses import ADDRESSES, AddressPart, all_numbered, number_addresses, numbered


def numbers_of(*headers: str) -> list[int]:
    """The numbers of the addresses of columns of one rank, whose field is the last word."""
    return number_addresses([AddressPart(header, header.split()[-1], 1) for header in headers])


@pytest.mark.parametrize(
    ("headers", "numbers"),
    [
        ([], []),
        (["City", "Country"], [0, 0]),
        (["Billing City", "Shipping City", "Billing Country", "Shipping Country"], [0, 1, 0, 1]),
        (["Business City", "Country", "Home City"], [0, 0, 1]),
        (["City", "Billing Country"], [0, 0]),
        (["City", "Billing City", "Billing Country"], [0, 1, 1]),
        (["Billing City", "Shipping Country"], [0, 1]),
        (["HQ City", "Company Country"], [0, 0]),
        ([f"{name} City" for name in ("Billing", "Shipping", "Mailing", "Home", "Business")], [0, 1, 2, 3, 3]),
    ],
)
def test_number_addresses_keeps_columns_of_an_address_together(headers: list[str], numbers: list[int]) -> None:
    assert numbers_of(*headers) == numbers


def test_number_addresses_prefers_the_lowest_rank() -> None:
    assert number_addresses([AddressPart("Other City", "city", 3), AddressPart("Mailing City", "city", 1)]) == [1, 0]


def test_number_addresses_of_repeated_headers_are_others() -> None:
    names = ["City", "Country", "City (2)", "Country (2)"]
    assert number_addresses([AddressPart(name, name.split()[0], 1) for name in names]) == [0, 0, 1, 1]


def test_numbered_parts_have_the_number() -> None:
    assert (numbered("city", 0), numbered("city", 2)) == ("city", "city@2")
    assert len(all_numbered(["city", "region"])) == 2 * ADDRESSES
